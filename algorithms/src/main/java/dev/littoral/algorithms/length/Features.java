package dev.littoral.algorithms.length;

import java.util.Arrays;

/**
 * A prompt's standardised features, small enough to be kept and sent; the prompt's words cannot be read from them.
 *
 * @param steps see {@link FeatureScale}; never written to
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode look at what is in it
public record Features(byte[] steps) {

    /** Rejects another number of features than this version has. */
    public Features {
        if (steps.length != PromptReading.size()) {
            throw new IllegalArgumentException("features have " + PromptReading.size() + " bytes, not " + steps.length);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Features(byte[] others) && Arrays.equals(steps, others);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(steps);
    }

    @Override
    public String toString() {
        return "Features[" + Arrays.hashCode(steps) + "]";
    }
}
