package dev.littoral.algorithms.routing;

/**
 * What a request is expected to ask of an agent.
 *
 * @param promptTokens expected length of the prompt
 * @param answerTokens expected length of the answer
 * @param forecast what is known of the answer's length
 * @param prefix by which the prompt's beginning is known again
 */
public record Work(double promptTokens, double answerTokens, LengthForecast forecast, PromptPrefix prefix) {

    /** Rejects lengths on which no sum can be done. */
    public Work {
        if (!finite(promptTokens) || !finite(answerTokens)) {
            throw new IllegalArgumentException(
                    "expected lengths must be finite, 0 or more: " + promptTokens + ", " + answerTokens);
        }
    }

    /** Takes an answer of which the mean is known: exponential, as {@link MeanAnswerLength} takes it to be. */
    public Work(double promptTokens, double answerTokens) {
        this(promptTokens, answerTokens, exponential(answerTokens), PromptPrefix.NONE);
    }

    /** Takes an answer of which quantiles are known. */
    public Work(double promptTokens, LengthForecast forecast) {
        this(promptTokens, forecast.meanTokens(), forecast, PromptPrefix.NONE);
    }

    /** Cuts what is known of the answer at the tokens that it may have, above 0. */
    public Work atMost(double tokens) {
        return forecast.upperTokens() <= tokens && answerTokens <= tokens
                ? this
                : new Work(
                        promptTokens,
                        Math.min(answerTokens, tokens),
                        new LengthForecast(
                                Math.min(forecast.meanTokens(), tokens),
                                Math.min(forecast.medianTokens(), tokens),
                                Math.min(forecast.upperTokens(), tokens)),
                        prefix);
    }

    /** Adds by what the prompt's beginning is known again. */
    public Work withPrefix(PromptPrefix known) {
        return new Work(promptTokens, answerTokens, forecast, known);
    }

    private static LengthForecast exponential(double answerTokens) {
        double mean = finite(answerTokens) ? Math.max(answerTokens, 1) : 1;
        return new LengthForecast(mean, mean * Math.log(2), mean * Math.log(10));
    }

    private static boolean finite(double tokens) {
        return tokens >= 0 && tokens < Double.POSITIVE_INFINITY;
    }
}
