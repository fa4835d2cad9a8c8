package dev.littoral.algorithms.length;

/**
 * Expects so many times the prompt's tokens, whatever is seen.
 *
 * @param factor tokens of an answer per token of its prompt
 */
public record PromptTimes(double factor) implements LengthPredictor {

    @Override
    public LengthForecast predict(Question question, double capTokens) {
        double tokens = Math.min(capTokens, Math.max(1, factor * question.promptTokens()));
        return new LengthForecast(tokens, tokens, tokens, LengthForecast.Source.RULE);
    }

    @Override
    public void observe(Question question, Label label) {
        // there is nothing to learn
    }
}
