package dev.littoral.algorithms.routing;

/** Guesses how many tokens an answer will have. Immutable: observing gives another guess. */
public interface AnswerLength {

    /**
     * Returns the expected tokens of an answer.
     *
     * @param capTokens most tokens that the answer may have, at least 1
     */
    double expectedTokens(double promptTokens, double capTokens);

    /**
     * Learns from a finished answer.
     *
     * @param truncated whether a limit ended it, so that it would have been longer
     */
    AnswerLength observe(double promptTokens, double answerTokens, boolean truncated);
}
