package dev.littoral.bench;

import java.util.Arrays;

/** Measured numbers, in order. */
final class Sample {

    private final double[] sorted;

    Sample(double... values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    double mean() {
        return Arrays.stream(sorted).average().orElse(0);
    }

    /** Gives the smallest number that {@code share} of all do not exceed. */
    double quantile(double share) {
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
    }

    /** Gives the share of numbers that are at most {@code bound}. */
    double shareUpTo(double bound) {
        return Arrays.stream(sorted).filter(value -> value <= bound).count() / (double) sorted.length;
    }
}
