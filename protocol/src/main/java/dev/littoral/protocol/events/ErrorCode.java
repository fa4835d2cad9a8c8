package dev.littoral.protocol.events;

/** Says why a request ended without an answer; {@code error_code} on Kafka, {@code error.code} over HTTP. */
public enum ErrorCode {
    /** The request can never be served as it is. */
    INVALID_REQUEST(400),
    /** No deployment has this name. */
    MODEL_NOT_FOUND(404),
    /** Prompt and wanted answer are longer than the model's context. */
    CONTEXT_EXCEEDED(400),
    /** The deadline passed before the answer ended. */
    DEADLINE_EXCEEDED(504),
    /** The client hung up, or a cancellation came. */
    CANCELLED(499),
    /** Every slot stayed taken, or no replica is ready. */
    NO_CAPACITY(503),
    /** The agent died while it answered, and so did the second attempt. */
    AGENT_LOST(502);

    private final int statusCode;

    ErrorCode(int statusCode) {
        this.statusCode = statusCode;
    }

    /** Returns the HTTP status that this code stands for. */
    public int statusCode() {
        return statusCode;
    }
}
