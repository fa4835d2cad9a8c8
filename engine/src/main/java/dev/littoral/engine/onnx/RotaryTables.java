package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Rotary;
import java.nio.FloatBuffer;

/** Computes by how much each pair of numbers in a head is turned at each position, in single precision throughout. */
final class RotaryTables {

    private RotaryTables() {}

    /** Fills both tables, [positions, half of what is rotated]. */
    static void fill(Rotary rotary, int positions, FloatBuffer cos, FloatBuffer sin) {
        float[] frequencies = rotary.frequencies();
        for (int position = 0; position < positions; position++) {
            for (float frequency : frequencies) {
                float angle = position * frequency;
                cos.put((float) Math.cos(angle));
                sin.put((float) Math.sin(angle));
            }
        }
    }
}
