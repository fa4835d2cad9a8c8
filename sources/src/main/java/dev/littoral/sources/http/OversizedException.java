package dev.littoral.sources.http;

import dev.littoral.sources.SourceException;
import java.io.IOException;

/** Tells that a body is longer than anything sensible. */
public final class OversizedException extends IOException {

    /** Makes one with a sentence that names the server and the bound. */
    public OversizedException(String message) {
        super(SourceException.shown(message));
    }
}
