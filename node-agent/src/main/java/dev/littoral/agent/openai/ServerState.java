package dev.littoral.agent.openai;

import dev.littoral.agent.stage.MeasuredRates;

/** Says how the server is, as of a moment ago. */
sealed interface ServerState {

    /** Is not ready: it cannot be reached, lacks the model, or is being measured. */
    record Away(String message) implements ServerState {}

    /**
     * Answers.
     *
     * @param kvTokens that its cache holds over all requests; 0 when it does not tell
     */
    record Ready(MeasuredRates rates, long kvTokens) implements ServerState {}
}
