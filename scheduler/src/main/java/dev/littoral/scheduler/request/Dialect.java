package dev.littoral.scheduler.request;

/** Says which body is expected. */
public enum Dialect {
    /** A body of {@code /v1/chat/completions}. */
    CHAT,
    /** A body of {@code /v1/completions}. */
    COMPLETIONS,
    /** The latter when it has a {@code prompt}, else the former. */
    EITHER
}
