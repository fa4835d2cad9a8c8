package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.PromptReading;
import java.nio.FloatBuffer;

/** What a layer of the encoder says of each token, each token's state scaled to root mean square 1. */
final class TokenStates {

    private static final int SIZE = PromptReading.STATE;

    private final float[] states;
    private final float[] scales;

    private TokenStates(float[] states, float[] scales) {
        this.states = states;
        this.scales = scales;
    }

    /** Takes tokens x {@link PromptReading#STATE} numbers, to the buffer's limit. */
    static TokenStates of(FloatBuffer buffer) {
        float[] states = new float[buffer.remaining()];
        buffer.get(states);
        float[] scales = new float[states.length / SIZE];
        for (int token = 0; token < scales.length; token++) {
            scales[token] = (float) (1 / Math.sqrt(Math.max(1e-12, squares(states, token * SIZE) / SIZE)));
        }
        return new TokenStates(states, scales);
    }

    int tokens() {
        return scales.length;
    }

    /** Gives the mean over the tokens {@code [begin, end)}. */
    float[] mean(int begin, int end) {
        float[] mean = new float[SIZE];
        for (int token = begin; token < end; token++) {
            float share = scales[token] / Math.max(1, end - begin);
            int at = token * SIZE;
            for (int i = 0; i < SIZE; i++) {
                mean[i] += share * states[at + i];
            }
        }
        return mean;
    }

    private static float squares(float[] states, int begin) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int i = begin; i < begin + SIZE; i += 4) {
            s0 += states[i] * states[i];
            s1 += states[i + 1] * states[i + 1];
            s2 += states[i + 2] * states[i + 2];
            s3 += states[i + 3] * states[i + 3];
        }
        return (s0 + s1) + (s2 + s3);
    }
}
