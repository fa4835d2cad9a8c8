package dev.littoral.cli.explain;

/** A scheduler that did not tell; the message names it and the cure. */
public final class SchedulerException extends RuntimeException {

    SchedulerException(String message) {
        super(message);
    }

    SchedulerException(String message, Throwable cause) {
        super(message, cause);
    }
}
