package dev.littoral.algorithms.routing;

/**
 * What a request is expected to ask of an agent.
 *
 * @param promptTokens expected length of the prompt
 * @param answerTokens expected length of the answer
 */
public record Work(double promptTokens, double answerTokens) {

    /** Rejects lengths on which no sum can be done. */
    public Work {
        if (!finite(promptTokens) || !finite(answerTokens)) {
            throw new IllegalArgumentException(
                    "expected lengths must be finite, 0 or more: " + promptTokens + ", " + answerTokens);
        }
    }

    /** Gives the answer's length as far as its mean tells: exponential, as {@link MeanAnswerLength} takes it to be. */
    public LengthForecast forecast() {
        double mean = Math.max(answerTokens, 1);
        return new LengthForecast(mean, mean * Math.log(2), mean * Math.log(10));
    }

    private static boolean finite(double tokens) {
        return tokens >= 0 && tokens < Double.POSITIVE_INFINITY;
    }
}
