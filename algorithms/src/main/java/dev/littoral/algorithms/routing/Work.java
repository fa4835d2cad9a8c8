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

    private static boolean finite(double tokens) {
        return tokens >= 0 && tokens < Double.POSITIVE_INFINITY;
    }
}
