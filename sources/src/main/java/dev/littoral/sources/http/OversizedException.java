package dev.littoral.sources.http;

import dev.littoral.sources.SourceException;
import java.io.IOException;

/** Tells that a body is longer than anything sensible. */
public final class OversizedException extends IOException {

    OversizedException(String message) {
        super(SourceException.shown(message));
    }
}
