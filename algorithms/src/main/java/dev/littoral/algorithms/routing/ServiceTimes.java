package dev.littoral.algorithms.routing;

/**
 * How long an agent takes: {@code a l + b(n) L} seconds for l prompt and L answer tokens, with
 * {@code b(n) = b1 (1 + s (n - 1))} while n sequences are written at once.
 *
 * @param secondsPerPromptToken a, above 0
 * @param secondsPerAnswerToken b1, of one sequence alone, above 0
 * @param slope s, by how much of b1 each further sequence lengthens a token, 0 or more
 */
public record ServiceTimes(double secondsPerPromptToken, double secondsPerAnswerToken, double slope) {

    /** Rejects times on which no sum can be done. */
    public ServiceTimes {
        if (!positive(secondsPerPromptToken) || !positive(secondsPerAnswerToken)) {
            throw new IllegalArgumentException("seconds per token must be finite and positive: " + secondsPerPromptToken
                    + ", " + secondsPerAnswerToken);
        }
        if (!(slope >= 0 && slope < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("slope must be finite, 0 or more: " + slope);
        }
    }

    /** Gives the seconds of one token of each of {@code sequences} answers. */
    public double perToken(int sequences) {
        return secondsPerAnswerToken * (1 + slope * Math.max(0, sequences - 1));
    }

    /** Gives the seconds to read a prompt. */
    public double prefill(double promptTokens) {
        return secondsPerPromptToken * promptTokens;
    }

    /** Gives the seconds of the agent that a request takes when all of its {@code slots} are in use. */
    public double share(double promptTokens, double answerTokens, int slots) {
        return prefill(promptTokens) + answerTokens * perToken(slots) / slots;
    }

    private static boolean positive(double seconds) {
        return seconds > 0 && seconds < Double.POSITIVE_INFINITY;
    }
}
