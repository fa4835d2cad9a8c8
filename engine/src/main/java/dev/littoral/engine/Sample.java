package dev.littoral.engine;

import java.util.List;

/**
 * A chosen token. All but the choice is told of the distribution as the model gives it, before biases, penalties,
 * temperature and truncation.
 *
 * @param logprob natural logarithm of its probability
 * @param margin the likeliest probability less the second likeliest
 * @param likeliestProbability the likeliest probability; not a number when another stage did not tell it
 * @param entropyNats of the distribution; not a number when another stage did not tell it
 * @param likeliest the likeliest tokens, as many as were asked for, the likeliest first
 * @param last whether the answer ends with it, since its form is complete
 */
public record Sample(
        int token,
        double logprob,
        double margin,
        double likeliestProbability,
        double entropyNats,
        List<TokenLogprob> likeliest,
        boolean last) {

    /**
     * A token with its probability.
     *
     * @param logprob natural logarithm of its probability
     */
    public record TokenLogprob(int token, double logprob) {}

    public Sample {
        likeliest = List.copyOf(likeliest);
    }

    /** Makes one of a choice of which no more is known. */
    public Sample(int token, double logprob, double margin) {
        this(token, logprob, margin, Double.NaN, Double.NaN, List.of(), false);
    }
}
