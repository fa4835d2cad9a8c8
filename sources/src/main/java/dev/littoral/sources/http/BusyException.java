package dev.littoral.sources.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Tells that a server cannot answer now. */
public final class BusyException extends IOException {

    private final transient Optional<Duration> retryAfter;

    /**
     * Makes one.
     *
     * @param retryAfter how long the server asks to be left alone
     */
    public BusyException(String message, Optional<Duration> retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** Says how long the server asks to be left alone. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
