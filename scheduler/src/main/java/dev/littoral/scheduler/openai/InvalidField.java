package dev.littoral.scheduler.openai;

import java.io.Serial;

/** Unwinds the reading of a body at its first wrong field; never leaves {@link OpenAiParser}. */
final class InvalidField extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final String field;

    InvalidField(String field, String message) {
        super(message, null, false, false);
        this.field = field;
    }

    String field() {
        return field;
    }
}
