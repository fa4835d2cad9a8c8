package dev.littoral.algorithms.length;

import java.util.List;

/** Predicts the answers of one model, and learns from them; not for several threads at once. */
public interface LengthPredictor {

    /**
     * Predicts a length.
     *
     * @param capTokens most tokens that the answer may have, at least 1; infinite where there is no limit
     */
    LengthForecast predict(Question question, double capTokens);

    /** Learns from an answer. */
    void observe(Question question, Label label);

    /** Learns from many answers at once, one label for each question. */
    default void observeAll(List<Question> questions, List<Label> labels) {
        for (int i = 0; i < labels.size(); i++) {
            observe(questions.get(i), labels.get(i));
        }
    }
}
