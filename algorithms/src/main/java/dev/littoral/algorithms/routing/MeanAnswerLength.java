package dev.littoral.algorithms.routing;

/**
 * Guesses the mean of one model's answers, as if lengths were exponential.
 *
 * <p>The maximum-likelihood mean of an exponential with censored samples is the tokens of all answers over the number
 * of answers that ended by themselves; with mean m and cap c the expected length is {@code m (1 - exp(-c / m))}. Old
 * answers fade: both sums shrink by {@code memory} with every answer.
 *
 * @param tokens faded sum over all answers, the prior's included
 * @param ended faded number of answers that ended by themselves, the prior's included
 * @param memory what is kept of the past at each answer, above 0 and at most 1
 */
public record MeanAnswerLength(double tokens, double ended, double memory) implements AnswerLength {

    /** Rejects sums that have no mean. */
    public MeanAnswerLength {
        if (!(tokens > 0 && tokens < Double.POSITIVE_INFINITY) || !(ended > 0 && ended < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "tokens and ended must be finite and positive: " + tokens + ", " + ended);
        }
        if (!(memory > 0 && memory <= 1)) {
            throw new IllegalArgumentException("memory must lie above 0 and not above 1: " + memory);
        }
    }

    /** Starts from a prior that weighs as much as {@code answers} answers of {@code meanTokens} each. */
    public static MeanAnswerLength prior(double meanTokens, double answers, double memory) {
        return new MeanAnswerLength(meanTokens * answers, answers, memory);
    }

    @Override
    public double expectedTokens(double promptTokens, double capTokens) {
        double mean = tokens / ended;
        return mean * -Math.expm1(-capTokens / mean);
    }

    @Override
    public AnswerLength observe(double promptTokens, double answerTokens, boolean truncated) {
        // a floor under the count keeps the mean finite when every answer is cut
        double counted = Math.max(ended * memory + (truncated ? 0 : 1), 1e-3);
        return new MeanAnswerLength(tokens * memory + Math.max(answerTokens, 1), counted, memory);
    }
}
