package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What is known of prompts before the first label of a cluster: a Gaussian process over the common factor of a public
 * set of prompts, fitted anew from its points when it is loaded. Ours.
 */
public final class WarmFactor {

    /** Noise of a factor behind which stand many labels, in variances of the factor. */
    private static final double NOISE = 0.7;

    /** Labels at which a factor's noise is twice that. */
    private static final double FEW = 6;

    private final WarmData data;
    private final Columns directions;
    private final KnownPrompts points;
    private final Cholesky system;
    private final double[] weights;

    private WarmFactor(WarmData data, Columns directions, KnownPrompts points, Cholesky system, double[] weights) {
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
        int[] kept = IntStream.range(0, data.points().length)
                .filter(i -> !digests.contains(data.digests()[i]))
                .toArray();
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
            covariance[i][i] += NOISE * (1 + FEW / data.labels()[kept[i]]);
        }
        double mean = Arrays.stream(kept)
                .mapToDouble(i -> data.factors()[i])
                .average()
                .orElse(0);
        Cholesky system = Cholesky.of(covariance);
        double[] weights = system.solve(
                Arrays.stream(kept).mapToDouble(i -> data.factors()[i] - mean).toArray());
        return new WarmFactor(data, Columns.of(directions), KnownPrompts.of(List.of(points)), system, weights);
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
        float[] projected = directions.products(scaled, 0, scaled.length);
        double[] similarities = points.similarities(Similarity.Row.of(projected));
        return new Probe(
                features, Similarity.Row.of(scaled), similarities, Vectors.dot(weights, similarities, weights.length));
    }

    /** Solves the system of the training prompts. */
    double[] solve(double[] similarities) {
        return system.solve(similarities);
    }

    /** Gives the predicted factor of each training prompt, fitted without it. */
    double[] leaveOneOut() {
        double[] diagonal = system.inverseDiagonal();
        double[] predicted = new double[weights.length];
        // y_i - prediction without i = weight_i / inverse_ii
        Arrays.setAll(predicted, i -> data.factors()[i] - weights[i] / diagonal[i]);
        return predicted;
    }

    private static float[] floats(byte[] steps, float step) {
        float[] numbers = new float[steps.length];
        for (int i = 0; i < steps.length; i++) {
            numbers[i] = steps[i] * step;
        }
        return numbers;
    }
}
