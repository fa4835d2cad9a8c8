package dev.littoral.scheduler.request;

import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.LengthForecast;
import java.util.Optional;

/** Predicts lengths of answers from what is asked, and learns from what came. */
public interface AnswerLengths {

    /** Predicts nothing. */
    AnswerLengths NONE = new AnswerLengths() {

        @Override
        public Optional<LengthForecast> forecast(
                String deployment, InferenceRequest request, double promptTokens, int capTokens) {
            return Optional.empty();
        }

        @Override
        public void learn(String deployment, InferenceRequest request, double promptTokens, Label label) {
            // nothing is remembered
        }
    };

    /**
     * Predicts the answer's length; empty where the prompt is not looked at.
     *
     * @param promptTokens a guess
     * @param capTokens most tokens that the answer may have, at least 1
     */
    Optional<LengthForecast> forecast(String deployment, InferenceRequest request, double promptTokens, int capTokens)
            throws InterruptedException;

    /** Learns, on another thread. */
    void learn(String deployment, InferenceRequest request, double promptTokens, Label label);
}
