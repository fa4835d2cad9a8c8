package dev.littoral.checkpoint;

import java.util.List;

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

    /**
     * Gives the turn of each pair from one position to the next, in radians; single precision throughout.
     *
     * @param contextTokens longest sequence that will be run
     */
    public float[] frequencies(int contextTokens) {
        float[] frequencies = new float[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = scaling.frequency((float) Math.pow(theta, 2f * i / dimensions), i, contextTokens);
        }
        return frequencies;
    }

    /** How frequencies are stretched; named as {@code rope_type} in config.json. */
    public sealed interface Scaling {

        /**
         * Stretches one frequency, in radians a position.
         *
         * @param inverse one over the frequency as it would be
         * @param pair that is turned so, from 0 on
         */
        float frequency(float inverse, int pair, int contextTokens);

        /** Gives by what cosines and sines are multiplied. */
        default double amplitude() {
            return 1;
        }

        /** {@code default}: not at all. */
        record None() implements Scaling {
            @Override
            public float frequency(float inverse, int pair, int contextTokens) {
                return 1 / inverse;
            }
        }

        /** {@code linear}: all alike. */
        record Linear(double factor) implements Scaling {
            @Override
            public float frequency(float inverse, int pair, int contextTokens) {
                return 1 / inverse / (float) factor;
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
            public float frequency(float inverse, int pair, int contextTokens) {
                float frequency = 1 / inverse;
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

        /**
         * {@code longrope}: each pair by a factor of its own, of which there are two: for contexts up to the one that
         * the model was first trained for, and for longer ones. Transformers changes from the one to the other in the
         * middle of a sequence; here the stage's context decides for all of its sequences, so that no cached key is
         * turned otherwise than the query that meets it.
         */
        record LongRope(List<Double> shortFactors, List<Double> longFactors, int originalTokens, double amplitude)
                implements Scaling {

            public LongRope {
                shortFactors = List.copyOf(shortFactors);
                longFactors = List.copyOf(longFactors);
            }

            @Override
            public float frequency(float inverse, int pair, int contextTokens) {
                List<Double> factors = contextTokens > originalTokens ? longFactors : shortFactors;
                return 1 / (factors.get(pair).floatValue() * inverse);
            }
        }
    }
}
