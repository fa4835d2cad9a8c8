package dev.littoral.algorithms.length;

import java.util.Arrays;

/** Sorted numbers, and the quantiles between them. */
final class Quantiles {

    private final double[] sorted;

    private Quantiles(double[] sorted) {
        this.sorted = sorted;
    }

    /** Sorts a copy of at least one number. */
    static Quantiles of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Quantiles(sorted);
    }

    int size() {
        return sorted.length;
    }

    /** Gives the quantile of a share, linear between neighbours. */
    double at(double share) {
        double place = Math.clamp(share, 0, 1) * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** Gives the conformal bound: the quantile that a further number of the same kind exceeds with at most {@code miss}. */
    double conformal(double miss) {
        int rank = (int) Math.ceil((1 - miss) * (sorted.length + 1));
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }
}
