package dev.littoral.protocol.events;

import java.util.Optional;

/** Result of reading a request record. */
public sealed interface ReadRequest {

    /** The envelope is sound. */
    record Sound(RequestEvent event) implements ReadRequest {}

    /**
     * Nobody can serve this record.
     *
     * @param message what is wrong and how to cure it
     * @param id the request's id where it could be read, so that the sender can be told
     */
    record Unreadable(DeadLetterReason reason, String message, Optional<String> id) implements ReadRequest {}
}
