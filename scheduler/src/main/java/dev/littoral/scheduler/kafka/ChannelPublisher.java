package dev.littoral.scheduler.kafka;

import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Writes through the channels {@code responses} and {@code dead-letters}. */
@ApplicationScoped
class ChannelPublisher implements Publisher {

    private final Emitter<byte[]> responses;
    private final Emitter<byte[]> deadLetters;

    /** The buffers have no bound of their own: requests in flight and each request's window bound them. */
    ChannelPublisher(
            @Channel("responses") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) Emitter<byte[]> responses,
            @Channel("dead-letters") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) Emitter<byte[]> deadLetters) {
        this.responses = responses;
        this.deadLetters = deadLetters;
    }

    @Override
    public CompletableFuture<Void> response(Outgoing outgoing) {
        return send(responses, outgoing);
    }

    @Override
    public CompletableFuture<Void> deadLetter(Outgoing outgoing) {
        return send(deadLetters, outgoing);
    }

    private static CompletableFuture<Void> send(Emitter<byte[]> emitter, Outgoing outgoing) {
        RecordHeaders headers = new RecordHeaders();
        outgoing.headers().forEach(headers::add);
        var metadata = OutgoingKafkaRecordMetadata.<byte[]>builder().withHeaders(headers);
        outgoing.key().ifPresent(metadata::withKey);
        CompletableFuture<Void> written = new CompletableFuture<>();
        emitter.send(Message.of(
                outgoing.value().orElse(new byte[0]),
                Metadata.of(metadata.build()),
                () -> {
                    written.complete(null);
                    return CompletableFuture.completedFuture(null);
                },
                failure -> {
                    written.completeExceptionally(failure);
                    return CompletableFuture.completedFuture(null);
                }));
        return written;
    }
}
