package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What prompts share across models: {@code log(1 + L_ij) = offset_j + slope_j * factor_i}, by alternating least squares
 * with shrinkage. Ours.
 *
 * @param factors per prompt, with mean 0 and variance 1
 * @param offsets per model, in log tokens
 * @param slopes per model, in log tokens
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record SharedFactor(double[] factors, double[] offsets, double[] slopes) {

    private static final int ROUNDS = 30;
    private static final double SHRINKAGE = 1;
    private static final double LEAST = 1e-6;

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
        for (int model = 0; model < models; model++) {
            double[] seen = known(logLengths, model);
            offsets[model] = Arrays.stream(seen).average().orElseThrow();
            slopes[model] = Math.max(LEAST, deviation(seen));
        }
        double[] factors = new double[prompts];
        for (int round = 0; round < ROUNDS; round++) {
            double shrinkage = SHRINKAGE
                    * Arrays.stream(slopes)
                            .map(slope -> slope * slope)
                            .average()
                            .orElseThrow();
            for (int prompt = 0; prompt < prompts; prompt++) {
                double weight = shrinkage;
                double sum = 0;
                for (int model = 0; model < models; model++) {
                    double length = logLengths[prompt][model];
                    if (!Double.isNaN(length)) {
                        weight += slopes[model] * slopes[model];
                        sum += slopes[model] * (length - offsets[model]);
                    }
                }
                factors[prompt] = sum / weight;
            }
            standardise(factors);
            for (int model = 0; model < models; model++) {
                regress(logLengths, factors, model, offsets, slopes);
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

    private static void regress(double[][] logLengths, double[] factors, int model, double[] offsets, double[] slopes) {
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
        double variance = LEAST;
        for (int i : rows) {
            covariance += (factors[i] - meanFactor) * (logLengths[i][model] - meanLength);
            variance += (factors[i] - meanFactor) * (factors[i] - meanFactor);
        }
        slopes[model] = covariance / variance;
        offsets[model] = meanLength - slopes[model] * meanFactor;
    }
}
