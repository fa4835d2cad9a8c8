package dev.littoral.scheduler.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Writes records and says when the broker has them. */
interface Publisher {

    /** Writes a response. */
    CompletableFuture<Void> response(Outgoing outgoing);

    /** Writes a dead letter. */
    CompletableFuture<Void> deadLetter(Outgoing outgoing);

    /** A record to be written. */
    record Outgoing(Optional<byte[]> key, Map<String, byte[]> headers, Optional<byte[]> value) {}
}
