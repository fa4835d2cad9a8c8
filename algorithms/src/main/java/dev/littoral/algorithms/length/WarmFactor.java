package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What is known of prompts before the first label of a cluster: a Gaussian process over the common factor of a public
 * set of prompts and over guesses for example requests, fitted anew from its points when it is loaded. Ours.
 */
public final class WarmFactor {

    /** Noise of a factor behind which stand many labels, in variances of the factor. */
    private static final double NOISE = 0.7;

    /** Labels at which a factor's noise is twice that. */
    private static final double FEW = 6;

    /** Noise of a factor that was guessed. */
    private static final double GUESS_NOISE = 0.3;

    private final WarmData data;
    private final float[][] directions;
    private final Similarity.Row[] points;
    private final Cholesky system;
    private final double[] weights;

    private WarmFactor(
            WarmData data, float[][] directions, Similarity.Row[] points, Cholesky system, double[] weights) {
        this.data = data;
        this.directions = directions;
        this.points = points;
        this.system = system;
        this.weights = weights;
    }

    /** Fits the process to stored data; takes about a second for a thousand prompts. */
    public static WarmFactor of(WarmData data) {
        return without(data, Set.of());
    }

    /** The same, but without training prompts that have these digests. */
    public static WarmFactor without(WarmData data, Set<Long> digests) {
        return fit(data, i -> !digests.contains(data.digests()[i]));
    }

    /** The same as {@link #without}, and without what was guessed: measured lengths alone. */
    public static WarmFactor measuredWithout(WarmData data, Set<Long> digests) {
        return fit(data, i -> data.labels()[i] > 0 && !digests.contains(data.digests()[i]));
    }

    private static WarmFactor fit(WarmData data, IntPredicate chosen) {
        int[] kept = IntStream.range(0, data.points().length).filter(chosen).toArray();
        float[][] directions = new float[data.directions().length][];
        Arrays.setAll(directions, i -> floats(data.directions()[i], data.directionSteps()[i]));
        Similarity.Row[] points = new Similarity.Row[kept.length];
        Arrays.setAll(points, i -> Similarity.Row.of(floats(data.points()[kept[i]], data.pointStep())));
        double[][] covariance = new double[kept.length][];
        for (int i = 0; i < kept.length; i++) {
            covariance[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                covariance[i][j] = Similarity.between(points[i], points[j]);
            }
            covariance[i][i] += noise(data.labels()[kept[i]]);
        }
        double mean = Arrays.stream(kept)
                .filter(i -> data.labels()[i] > 0)
                .mapToDouble(i -> data.factors()[i])
                .average()
                .orElse(0);
        Cholesky system = Cholesky.of(covariance);
        double[] weights = system.solve(
                Arrays.stream(kept).mapToDouble(i -> data.factors()[i] - mean).toArray());
        return new WarmFactor(data, directions, points, system, weights);
    }

    /** Gives what it was made of. */
    public WarmData data() {
        return data;
    }

    /** Prepares a prompt, once for all models. */
    public Probe probe(PromptReading reading) {
        return probe(data.scale().standardise(reading));
    }

    /** Prepares a prompt whose features were kept. */
    public Probe probe(Features features) {
        float[] scaled = Similarity.scaled(features);
        float[] projected = new float[directions.length];
        for (int i = 0; i < projected.length; i++) {
            projected[i] = Vectors.dot(directions[i], scaled);
        }
        Similarity.Row row = Similarity.Row.of(projected);
        double[] similarities = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            similarities[i] = Similarity.between(row, points[i]);
        }
        return new Probe(
                features, Similarity.Row.of(scaled), similarities, Vectors.dot(weights, similarities, points.length));
    }

    /** Solves the system of the training prompts. */
    double[] solve(double[] similarities) {
        return system.solve(similarities);
    }

    /** Gives the predicted factor of each training prompt, fitted without it. */
    double[] leaveOneOut() {
        double[] diagonal = system.inverseDiagonal();
        double[] predicted = new double[points.length];
        // y_i - prediction without i = weight_i / inverse_ii
        Arrays.setAll(predicted, i -> data.factors()[i] - weights[i] / diagonal[i]);
        return predicted;
    }

    private static double noise(int labels) {
        return labels == 0 ? GUESS_NOISE : NOISE * (1 + FEW / labels);
    }

    private static float[] floats(byte[] steps, float step) {
        float[] numbers = new float[steps.length];
        for (int i = 0; i < steps.length; i++) {
            numbers[i] = steps[i] * step;
        }
        return numbers;
    }
}
