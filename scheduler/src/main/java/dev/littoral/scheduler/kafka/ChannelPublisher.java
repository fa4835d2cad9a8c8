package dev.littoral.scheduler.kafka;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;

/**
 * Writes with the producers of the channels {@code responses} and {@code dead-letters}, on the calling thread: through
 * the channels themselves each record would pass three more threads, and a first token waits for each of them.
 */
@ApplicationScoped
class ChannelPublisher implements Publisher {

    /** Channel whose producer writes responses, and what else schedulers say. */
    static final String RESPONSES = "responses";

    private static final String DEAD_LETTERS = "dead-letters";

    private final KafkaClientService clients;
    private final String responsesTopic;
    private final String deadLettersTopic;

    /** The emitters have the channels, and so their producers, made. */
    ChannelPublisher(
            KafkaClientService clients,
            @Channel(RESPONSES) Emitter<byte[]> responses,
            @Channel(DEAD_LETTERS) Emitter<byte[]> deadLetters,
            @ConfigProperty(name = "mp.messaging.outgoing.responses.topic") String responsesTopic,
            @ConfigProperty(name = "mp.messaging.outgoing.dead-letters.topic") String deadLettersTopic) {
        this.clients = clients;
        this.responsesTopic = responsesTopic;
        this.deadLettersTopic = deadLettersTopic;
    }

    @Override
    public CompletableFuture<OptionalLong> response(Outgoing outgoing) throws InterruptedException {
        return send(RESPONSES, responsesTopic, outgoing);
    }

    @Override
    public CompletableFuture<OptionalLong> deadLetter(Outgoing outgoing) throws InterruptedException {
        return send(DEAD_LETTERS, deadLettersTopic, outgoing);
    }

    private CompletableFuture<OptionalLong> send(String channel, String topic, Outgoing outgoing)
            throws InterruptedException {
        CompletableFuture<OptionalLong> written = new CompletableFuture<>();
        Producer<byte[], byte[]> producer =
                clients.<byte[], byte[]>getProducer(channel).unwrap();
        try {
            var ignored = producer.send(outgoing.to(topic), (metadata, failure) -> {
                if (failure == null) {
                    written.complete(OptionalLong.of(metadata.offset()));
                } else {
                    written.completeExceptionally(failure);
                }
            });
        } catch (InterruptException e) {
            throw new InterruptedException("interrupted while a record was written");
        } catch (KafkaException e) {
            written.completeExceptionally(e);
        }
        return written;
    }
}
