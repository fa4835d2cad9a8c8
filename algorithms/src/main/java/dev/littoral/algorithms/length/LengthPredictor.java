package dev.littoral.algorithms.length;

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
}
