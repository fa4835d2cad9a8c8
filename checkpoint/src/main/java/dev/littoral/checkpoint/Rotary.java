package dev.littoral.checkpoint;

/**
 * How positions are told by turning pairs of numbers of a head.
 *
 * @param dimensions numbers of a head that are turned, from its first on
 * @param theta base of the frequencies
 * @param scaling how the frequencies are stretched for longer contexts
 */
public record Rotary(int dimensions, double theta, Scaling scaling) {

    /** Makes frequencies that are not stretched. */
    static Rotary unscaled(int dimensions, double theta) {
        return new Rotary(dimensions, theta, new Scaling.None());
    }

    /** Gives the turn of each pair from one position to the next, in radians; single precision throughout. */
    public float[] frequencies() {
        float[] frequencies = new float[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = scaling.scale(1 / (float) Math.pow(theta, 2f * i / dimensions));
        }
        return frequencies;
    }

    /** How frequencies are stretched; named as {@code rope_type} in config.json. */
    public sealed interface Scaling {

        /** Stretches one frequency, in radians a position. */
        float scale(float frequency);

        /** {@code default}: not at all. */
        record None() implements Scaling {
            @Override
            public float scale(float frequency) {
                return frequency;
            }
        }

        /** {@code linear}: all alike. */
        record Linear(double factor) implements Scaling {
            @Override
            public float scale(float frequency) {
                return frequency / (float) factor;
            }
        }

        /**
         * {@code llama3}: long waves by the factor, short ones not, those between in part.
         *
         * @param lowFactor waves longer than the original context over this are stretched whole
         * @param highFactor waves shorter than the original context over this are left
         * @param originalTokens context that the model was first trained for
         */
        record Llama3(double factor, double lowFactor, double highFactor, int originalTokens) implements Scaling {
            @Override
            public float scale(float frequency) {
                float wave = (float) (2 * Math.PI) / frequency;
                if (wave < originalTokens / highFactor) {
                    return frequency;
                }
                if (wave > originalTokens / lowFactor) {
                    return frequency / (float) factor;
                }
                float kept = (originalTokens / wave - (float) lowFactor) / (float) (highFactor - lowFactor);
                return (1 - kept) * frequency / (float) factor + kept * frequency;
            }
        }
    }
}
