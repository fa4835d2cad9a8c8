package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What prompts share across models: {@code log(1 + L_ij) = offset_j + slope_j * factor_i + error_ij}, by alternating
 * least squares with shrinkage, in which a model counts by its slope squared over the variance of its errors. Ours.
 *
 * @param factors per prompt, with mean 0 and variance 1
 * @param offsets per model, in log tokens
 * @param slopes per model, in log tokens
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record SharedFactor(double[] factors, double[] offsets, double[] slopes) {

    private static final int ROUNDS = 30;
    private static final double LEAST = 1e-6;

    /** Added to the precision of each factor, in units of the factor's own. */
    private static final double SHRINKAGE = 3;

    /** Lengths that the expected error of a model counts for: few models could else be fitted without any. */
    private static final double EXPECTED = 50;

    /** Expected share of a model's variance that its prompts' factors do not explain. */
    private static final double UNEXPLAINED = 0.5;

    private static final double LEAST_ERROR = 0.02;

    /**
     * Fits the factor.
     *
     * @param logLengths per prompt and model, {@code NaN} where none is known; every prompt and model has one
     */
    public static SharedFactor fit(double[][] logLengths) {
        int prompts = logLengths.length;
        int models = logLengths[0].length;
        double[] offsets = new double[models];
        double[] slopes = new double[models];
        double[] variances = new double[models];
        double[] errors = new double[models];
        for (int model = 0; model < models; model++) {
            double[] seen = known(logLengths, model);
            offsets[model] = Arrays.stream(seen).average().orElseThrow();
            slopes[model] = Math.max(LEAST, deviation(seen));
            variances[model] = slopes[model] * slopes[model];
            errors[model] = Math.max(LEAST_ERROR, variances[model]);
        }
        double[] factors = new double[prompts];
        for (int round = 0; round < ROUNDS; round++) {
            for (int prompt = 0; prompt < prompts; prompt++) {
                double weight = SHRINKAGE;
                double sum = 0;
                for (int model = 0; model < models; model++) {
                    double length = logLengths[prompt][model];
                    if (!Double.isNaN(length)) {
                        weight += slopes[model] * slopes[model] / errors[model];
                        sum += slopes[model] / errors[model] * (length - offsets[model]);
                    }
                }
                factors[prompt] = sum / weight;
            }
            standardise(factors);
            for (int model = 0; model < models; model++) {
                errors[model] = regress(logLengths, factors, model, offsets, slopes, variances[model]);
            }
        }
        return new SharedFactor(factors, offsets, slopes);
    }

    /** Counts the known lengths of each prompt. */
    public static int[] labels(double[][] logLengths) {
        return Arrays.stream(logLengths)
                .mapToInt(row -> (int) Arrays.stream(row)
                        .filter(length -> !Double.isNaN(length))
                        .count())
                .toArray();
    }

    private static double[] known(double[][] logLengths, int model) {
        return Arrays.stream(logLengths)
                .mapToDouble(row -> row[model])
                .filter(length -> !Double.isNaN(length))
                .toArray();
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        return Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElse(0));
    }

    private static void standardise(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double deviation = Math.max(LEAST, deviation(values));
        Arrays.setAll(values, i -> (values[i] - mean) / deviation);
    }

    /** Fits offset and slope of a model. Returns the variance of its errors. */
    private static double regress(
            double[][] logLengths, double[] factors, int model, double[] offsets, double[] slopes, double variance) {
        int[] rows = IntStream.range(0, factors.length)
                .filter(i -> !Double.isNaN(logLengths[i][model]))
                .toArray();
        double meanFactor =
                Arrays.stream(rows).mapToDouble(i -> factors[i]).average().orElseThrow();
        double meanLength = Arrays.stream(rows)
                .mapToDouble(i -> logLengths[i][model])
                .average()
                .orElseThrow();
        double covariance = 0;
        double spread = LEAST;
        for (int i : rows) {
            covariance += (factors[i] - meanFactor) * (logLengths[i][model] - meanLength);
            spread += (factors[i] - meanFactor) * (factors[i] - meanFactor);
        }
        slopes[model] = covariance / spread;
        offsets[model] = meanLength - slopes[model] * meanFactor;
        double squares = Arrays.stream(rows)
                .mapToDouble(i -> logLengths[i][model] - offsets[model] - slopes[model] * factors[i])
                .map(error -> error * error)
                .sum();
        return Math.max(LEAST_ERROR, (squares + EXPECTED * UNEXPLAINED * variance) / (rows.length + EXPECTED));
    }
}
