package dev.littoral.algorithms.length;

/**
 * How long an answer is expected to be.
 *
 * @param meanTokens expected length, for ordering and work
 * @param medianTokens the length that half of such answers exceed
 * @param upper90Tokens the length that one of ten such answers exceeds, for memory
 * @param source what the forecast rests on
 */
public record LengthForecast(double meanTokens, double medianTokens, double upper90Tokens, Source source) {

    /** What a forecast rests on. */
    public enum Source {
        /** What prompts share, and this model's own answers. */
        LEARNED,
        /** What prompts share, with no or too few answers of this model to tell more. */
        PRIOR,
        /** This model's answers to prompts of about this length; the words of the prompt were not looked at. */
        HISTOGRAM,
        /** A simple rule. */
        RULE
    }
}
