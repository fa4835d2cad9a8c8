package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How log lengths spread about their prediction: the product-limit estimate (Kaplan and Meier, 1958) of errors, some of
 * which are only known from below since the answer was cut.
 */
final class Spread {

    private static final int CELLS = 41;

    private final double[] values;
    private final double[] survival;
    private final int count;
    private final double[] cells = new double[CELLS];

    private Spread(double[] values, double[] survival, int count) {
        this.values = values;
        this.survival = survival;
        this.count = count;
        for (int i = 0; i < CELLS; i++) {
            cells[i] = at((i + 0.5) / CELLS);
        }
    }

    /**
     * Estimates the spread of at least one error.
     *
     * @param errors actual minus predicted
     * @param cut whether the error is at least as large
     */
    static Spread of(double[] errors, boolean[] cut) {
        int[] order = IntStream.range(0, errors.length)
                .boxed()
                .sorted((a, b) ->
                        errors[a] != errors[b] ? Double.compare(errors[a], errors[b]) : Boolean.compare(cut[a], cut[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] values = new double[order.length];
        double[] survival = new double[order.length];
        double left = 1;
        for (int i = 0; i < order.length; i++) {
            if (!cut[order[i]]) {
                left *= 1 - 1.0 / (order.length - i);
            }
            values[i] = errors[order[i]];
            survival[i] = left;
        }
        return new Spread(values, survival, order.length);
    }

    /** Gives the smallest error that is not exceeded with this probability, else the largest seen. */
    double at(double share) {
        for (int i = 0; i < values.length; i++) {
            if (survival[i] <= 1 - share + 1e-12) {
                return values[i];
            }
        }
        return values[values.length - 1];
    }

    /** Gives the conformal bound: an error that a further answer exceeds with at most this probability. */
    double bound(double miss) {
        return at(Math.min(1, (1 - miss) * (count + 1) / count));
    }

    /**
     * Says where an error lies: the logit of the share of errors up to it, over the deviation of such logits, so that mean and
     * deviation are 0 and 1 whatever the spread's shape.
     */
    double score(double error) {
        double left = 1;
        for (int i = 0; i < count && values[i] <= error; i++) {
            left = survival[i];
        }
        double share = ((1 - left) * count + 0.5) / (count + 1);
        return Math.log(share / (1 - share)) * Math.sqrt(3) / Math.PI;
    }

    /** Gives errors of equal probability, from the smallest. */
    double[] cells() {
        return cells.clone();
    }

    /** Expects the part of an error above {@code floor}, given that it lies above. */
    double beyond(double floor) {
        return Arrays.stream(cells).filter(cell -> cell > floor).average().orElse(floor + 0.1);
    }
}
