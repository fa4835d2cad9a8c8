package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.events.Topics;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/** Writes records of one kind to the topic of telemetry, one at a time; while Kafka is away it drops them. */
final class TelemetryWriter {

    private static final Logger LOG = Logger.getLogger(TelemetryWriter.class);

    private final KafkaClientService clients;
    private final TopicsThere topics;
    private final String kind;
    private final AtomicBoolean unsent = new AtomicBoolean();

    TelemetryWriter(KafkaClientService clients, TopicsThere topics, String kind) {
        this.clients = clients;
        this.topics = topics;
        this.kind = kind;
    }

    /** Sends a record without waiting; false when the one before it is still on its way, or the topic is not there yet. */
    boolean send(String scheduler, byte[] value) {
        if (!topics.has(Topics.TELEMETRY) || !unsent.compareAndSet(false, true)) {
            return false;
        }
        // a producer without metadata waits for the broker
        Thread.ofVirtual().name(kind).start(() -> {
            try {
                Producer<byte[], byte[]> producer = clients.<byte[], byte[]>getProducer(ChannelPublisher.RESPONSES)
                        .unwrap();
                var ignored = producer.send(
                        new ProducerRecord<>(Topics.TELEMETRY, scheduler.getBytes(UTF_8), value),
                        (metadata, failure) -> unsent.set(false));
            } catch (KafkaException | IllegalStateException e) {
                unsent.set(false);
                LOG.debugf("no %s: %s", kind, e.getMessage());
            } catch (RuntimeException | Error e) {
                // whoever stays silent counts as gone: the next one is to be sent
                unsent.set(false);
                LOG.errorf(e, "a %s was not sent; the next one is", kind);
            }
        });
        return true;
    }
}
