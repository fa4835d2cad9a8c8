package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.ModelConfig;
import java.nio.FloatBuffer;

/** Computes by how much each pair of numbers in a head is turned at each position, in single precision throughout. */
final class RotaryTables {

    private RotaryTables() {}

    /** Fills both tables, [positions, half a head]. */
    static void fill(ModelConfig config, int positions, FloatBuffer cos, FloatBuffer sin) {
        int half = config.headDim() / 2;
        float[] frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            frequencies[i] = 1 / (float) Math.pow(config.ropeTheta(), 2f * i / config.headDim());
        }
        for (int position = 0; position < positions; position++) {
            for (float frequency : frequencies) {
                float angle = position * frequency;
                cos.put((float) Math.cos(angle));
                sin.put((float) Math.sin(angle));
            }
        }
    }
}
