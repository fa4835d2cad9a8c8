package dev.littoral.engine.onnx;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Rounds numbers of 32 bits to the nearest of 16. */
final class Halves {

    private Halves() {}

    /** Writes all that is left of the numbers; both may begin at the same place. */
    static void write(FloatBuffer numbers, ShortBuffer halves) {
        while (numbers.hasRemaining()) {
            halves.put(Float.floatToFloat16(numbers.get()));
        }
    }
}
