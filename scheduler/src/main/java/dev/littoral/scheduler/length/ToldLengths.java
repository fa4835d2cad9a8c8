package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.LengthForecast;
import dev.littoral.scheduler.request.AnswerLengths;
import dev.littoral.scheduler.request.InferenceRequest;
import java.util.Optional;

/**
 * Takes from a request how long its answer will be: that of a replayed trace knows it.
 *
 * @param otherwise predicts where a request does not say, and goes on learning what came
 */
public record ToldLengths(AnswerLengths otherwise) implements AnswerLengths {

    @Override
    public Optional<LengthForecast> forecast(
            String deployment, InferenceRequest request, double promptTokens, int capTokens)
            throws InterruptedException {
        if (request.toldAnswerTokens().isEmpty()) {
            return otherwise.forecast(deployment, request, promptTokens, capTokens);
        }
        int told = request.toldAnswerTokens().getAsInt();
        return Optional.of(new LengthForecast(told, told, told, LengthForecast.Source.RULE));
    }

    @Override
    public void learn(String deployment, InferenceRequest request, double promptTokens, Label label) {
        otherwise.learn(deployment, request, promptTokens, label);
    }
}
