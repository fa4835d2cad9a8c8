package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.SplittableRandom;

/** A matrix that is learned by AdamW (Loshchilov and Hutter, arXiv 1711.05101). */
final class Weights {

    private static final float FIRST_MEMORY = 0.9f;
    private static final float SECOND_MEMORY = 0.999f;
    private static final float LEAST = 1e-8f;

    final float[][] values;
    final float[][] gradients;
    private final float[][] first;
    private final float[][] second;
    private final float rate;
    private final float decay;
    private int steps;

    /**
     * Starts with zeros.
     *
     * @param rate share of the common learning rate
     * @param decay of the weights, per unit of learning rate
     */
    Weights(int rows, int columns, double rate, double decay) {
        values = new float[rows][columns];
        gradients = new float[rows][columns];
        first = new float[rows][columns];
        second = new float[rows][columns];
        this.rate = (float) rate;
        this.decay = (float) decay;
    }

    /** Draws evenly from both sides of zero. */
    Weights drawn(SplittableRandom random, double bound) {
        for (float[] row : values) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) random.nextDouble(-bound, bound);
            }
        }
        return this;
    }

    /** Takes a step against the gradients, and clears them. */
    void step(double learningRate) {
        steps++;
        float step = (float) (learningRate * rate);
        float firstCorrection = (float) (1 / (1 - Math.pow(FIRST_MEMORY, steps)));
        float secondCorrection = (float) (1 / (1 - Math.pow(SECOND_MEMORY, steps)));
        for (int row = 0; row < values.length; row++) {
            float[] w = values[row];
            float[] g = gradients[row];
            float[] m = first[row];
            float[] v = second[row];
            for (int i = 0; i < w.length; i++) {
                m[i] = FIRST_MEMORY * m[i] + (1 - FIRST_MEMORY) * g[i];
                v[i] = SECOND_MEMORY * v[i] + (1 - SECOND_MEMORY) * g[i] * g[i];
                w[i] -= step
                        * (decay * w[i]
                                + m[i] * firstCorrection / ((float) Math.sqrt(v[i] * secondCorrection) + LEAST));
            }
            Arrays.fill(g, 0);
        }
    }
}
