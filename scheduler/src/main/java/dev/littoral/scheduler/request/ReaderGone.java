package dev.littoral.scheduler.request;

import java.io.Serial;

/** Nobody takes the answer any more. */
public final class ReaderGone extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    /** Says what was seen of it. */
    public ReaderGone(String message) {
        super(message);
    }
}
