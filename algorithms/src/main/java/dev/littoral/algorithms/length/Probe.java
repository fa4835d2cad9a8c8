package dev.littoral.algorithms.length;

import java.util.Optional;

/** A prompt made ready for prediction; may be shared between threads. */
public final class Probe {

    private final Features features;
    private final Similarity.Row row;
    private final double[] similarities;
    private final double warm;

    /** Computed when first asked for; computing it twice does no harm. */
    private volatile Optional<double[]> solved = Optional.empty();

    Probe(Features features, Similarity.Row row, double[] similarities, double warm) {
        this.features = features;
        this.row = row;
        this.similarities = similarities;
        this.warm = warm;
    }

    /** Gives what is kept of the prompt. */
    public Features features() {
        return features;
    }

    /** Gives the warm factor's guess, in standard deviations of the factor. */
    public double warm() {
        return warm;
    }

    /** Gives the scaled features. */
    Similarity.Row row() {
        return row;
    }

    /** Gives the similarities to the prompts of the warm factor. */
    double[] similarities() {
        return similarities;
    }

    /** Gives the warm factor's system solved for the similarities. */
    double[] solved(WarmFactor factor) {
        Optional<double[]> known = solved;
        if (known.isPresent()) {
            return known.orElseThrow();
        }
        double[] now = factor.solve(similarities);
        solved = Optional.of(now);
        return now;
    }
}
