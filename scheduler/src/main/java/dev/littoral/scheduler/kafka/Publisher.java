package dev.littoral.scheduler.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes records and says when, and at which offset, the broker has them. */
interface Publisher {

    /** Writes a response. */
    CompletableFuture<OptionalLong> response(Outgoing outgoing) throws InterruptedException;

    /** Writes a dead letter. */
    CompletableFuture<OptionalLong> deadLetter(Outgoing outgoing) throws InterruptedException;

    /**
     * A record to be written.
     *
     * @param partition absent: the key decides
     */
    record Outgoing(Optional<byte[]> key, OptionalInt partition, Map<String, byte[]> headers, Optional<byte[]> value) {

        ProducerRecord<byte[], byte[]> to(String topic) {
            Integer number = partition.isPresent() ? partition.getAsInt() : null;
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topic, number, key.orElse(null), value.orElse(null));
            headers.forEach(record.headers()::add);
            return record;
        }
    }
}
