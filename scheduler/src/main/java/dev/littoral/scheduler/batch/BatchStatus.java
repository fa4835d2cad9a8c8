package dev.littoral.scheduler.batch;

import java.util.Locale;

/** Where a batch is, in OpenAI's words. */
enum BatchStatus {
    /** Its input is read. */
    VALIDATING,
    /** Its input cannot be run; {@code errors} says why. */
    FAILED,
    /** Its requests run. */
    IN_PROGRESS,
    /** Its results are put together. */
    FINALIZING,
    /** All of its requests have ended. */
    COMPLETED,
    /** Its time is over; what had ended is in its files. */
    EXPIRED,
    /** It was told to stop, and stops. */
    CANCELLING,
    /** It was stopped; what had ended is in its files. */
    CANCELLED;

    /** Says whether nothing more will happen. */
    boolean over() {
        return switch (this) {
            case FAILED, COMPLETED, EXPIRED, CANCELLED -> true;
            case VALIDATING, IN_PROGRESS, FINALIZING, CANCELLING -> false;
        };
    }

    /** Returns OpenAI's word. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
