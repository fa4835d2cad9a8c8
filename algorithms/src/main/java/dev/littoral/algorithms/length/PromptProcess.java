package dev.littoral.algorithms.length;

import java.util.List;
import java.util.Optional;

/**
 * A Gaussian process over prompts whose prior is {@code share} times the warm factor, with the factor's posterior
 * covariance, and independent otherwise. Ours.
 *
 * <p>With prior covariance {@code k}, the warm factor's mean {@code m} and its reduction of covariance {@code r(x, x') = k_x'
 * (K + N)^-1 k_x'}, the prior has mean {@code share m} and covariance {@code k - share^2 r}.
 */
final class PromptProcess {

    private final double share;
    private final double ofCues;
    private final KnownPrompts points;
    private final double[] weights;
    private final double[] ofWarm;
    private final double[] leaveOneOut;

    private PromptProcess(
            double share, double ofCues, KnownPrompts points, double[] weights, double[] ofWarm, double[] leaveOneOut) {
        this.share = share;
        this.ofCues = ofCues;
        this.points = points;
        this.weights = weights;
        this.ofWarm = ofWarm;
        this.leaveOneOut = leaveOneOut;
    }

    /**
     * Fits the process.
     *
     * @param warm its prior; empty for a prior of mean 0
     * @param targets per point
     * @param noise variance per point, positive
     */
    static PromptProcess fit(
            Covariance covariance, Optional<WarmFactor> warm, double share, double[] targets, double[] noise) {
        return of(covariance, warm, warm.isPresent() ? share : 0, targets, covariance.system(noise));
    }

    /** The same with a system that was factorised before. */
    static PromptProcess of(
            Covariance covariance, Optional<WarmFactor> warm, double share, double[] targets, Cholesky system) {
        List<Probe> points = covariance.points();
        int n = points.size();
        double[] rest = new double[n];
        for (int i = 0; i < n; i++) {
            rest[i] = targets[i] - share * points.get(i).warm();
        }
        double[] weights = system.solve(rest);
        double[] diagonal = system.inverseDiagonal();
        double[] leaveOneOut = new double[n];
        for (int i = 0; i < n; i++) {
            leaveOneOut[i] = targets[i] - weights[i] / diagonal[i];
        }
        double[] ofWarm = new double[0];
        if (warm.isPresent() && n > 0) {
            double[] sum = new double[points.getFirst().similarities().length];
            for (int i = 0; i < n; i++) {
                double[] similarities = points.get(i).similarities();
                for (int k = 0; k < sum.length; k++) {
                    sum[k] += weights[i] * similarities[k];
                }
            }
            ofWarm = warm.orElseThrow().solve(sum);
        }
        return new PromptProcess(share, covariance.ofCues(), covariance.known(), weights, ofWarm, leaveOneOut);
    }

    /** Predicts the target of a prompt. */
    double at(Probe probe) {
        double sum = share * probe.warm();
        if (weights.length > 0) {
            sum += Vectors.dot(weights, points.similarities(probe.row(), ofCues), weights.length);
        }
        return sum - share * share * Vectors.dot(ofWarm, probe.similarities(), ofWarm.length);
    }

    /** Predicts each point's target from the others. */
    double[] leaveOneOut() {
        return leaveOneOut;
    }
}
