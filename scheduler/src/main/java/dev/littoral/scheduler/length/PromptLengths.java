package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.LengthForecast;
import dev.littoral.scheduler.request.AnswerLengths;
import dev.littoral.scheduler.request.InferenceRequest;
import java.util.Optional;

/**
 * Takes answers to have one and a half times the tokens of their prompts, as a simple rule to compare with. It tells a mean
 * and nothing more, so lengths are taken to be exponential.
 *
 * @param learning goes on learning what came, and is not asked
 */
public record PromptLengths(AnswerLengths learning) implements AnswerLengths {

    private static final double ANSWER_TOKENS_PER_PROMPT_TOKEN = 1.5;

    @Override
    public Optional<LengthForecast> forecast(
            String deployment, InferenceRequest request, double promptTokens, int capTokens) {
        double mean = ANSWER_TOKENS_PER_PROMPT_TOKEN * promptTokens;
        return Optional.of(
                new LengthForecast(mean, mean * Math.log(2), mean * Math.log(10), LengthForecast.Source.RULE));
    }

    @Override
    public void learn(String deployment, InferenceRequest request, double promptTokens, Label label) {
        learning.learn(deployment, request, promptTokens, label);
    }
}
