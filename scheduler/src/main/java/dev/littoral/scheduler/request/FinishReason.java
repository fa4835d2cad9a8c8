package dev.littoral.scheduler.request;

/** Says why an answer ended. */
public enum FinishReason {
    /** The model ended it, or a stop text came. */
    STOP,
    /** It reached its limit of tokens. */
    LENGTH
}
