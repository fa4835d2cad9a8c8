package dev.littoral.agent.stage;

import dev.littoral.engine.Stage;
import java.util.Optional;

/** Says how far the loading of the stage is. */
public sealed interface LoadState {

    /** Is being read, quantized or measured; {@code totalBytes} is 0 until it is known. */
    record Loading(long doneBytes, long totalBytes, String step) implements LoadState {}

    /** Can run; {@code language} is there on the first stage, {@code forms} serve the last. */
    record Loaded(Stage stage, Optional<Language> language, AnswerForms forms, MeasuredRates rates)
            implements LoadState {}

    /** Will not run: {@code reason} is one word in CamelCase, {@code message} names the cure. */
    record Failed(String reason, String message) implements LoadState {}
}
