package dev.littoral.agent.openai;

import dev.littoral.agent.stage.MeasuredRates;

/** Says how the server is, as of a moment ago. */
sealed interface ServerState {

    /** Is not ready: it cannot be reached, lacks the model, or is being measured. */
    record Away(String message) implements ServerState {}

    /** Answers. */
    record Ready(MeasuredRates rates) implements ServerState {}
}
