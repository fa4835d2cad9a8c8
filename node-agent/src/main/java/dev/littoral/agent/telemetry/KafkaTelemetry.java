package dev.littoral.agent.telemetry;

import dev.littoral.protocol.events.AgentTelemetry;
import dev.littoral.protocol.events.TelemetryReader;
import dev.littoral.protocol.events.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes reports to Kafka; while Kafka is away it drops them, and says so once. */
public final class KafkaTelemetry implements TelemetrySink {

    private static final Logger LOG = Logger.getLogger(KafkaTelemetry.class);
    private static final int MOST_UNSENT = 8;

    private final String bootstrapServers;
    private final Producer<String, byte[]> producer;
    private final Semaphore unsent = new Semaphore(MOST_UNSENT);
    private final AtomicBoolean away = new AtomicBoolean();

    KafkaTelemetry(String bootstrapServers, Producer<String, byte[]> producer) {
        this.bootstrapServers = bootstrapServers;
        this.producer = producer;
    }

    /**
     * Makes a client; no broker need be there yet.
     *
     * @throws KafkaException when the addresses cannot be understood
     */
    public static KafkaTelemetry to(String bootstrapServers) {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.ACKS_CONFIG, "1",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false,
                ProducerConfig.LINGER_MS_CONFIG, 0,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 500,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3000,
                ProducerConfig.BUFFER_MEMORY_CONFIG, 1L << 20,
                ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5000);
        return new KafkaTelemetry(
                bootstrapServers, new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer()));
    }

    /** Waits at most half a second for the broker's metadata: call it from a thread that may. */
    @Override
    public void offer(AgentTelemetry report) {
        if (!unsent.tryAcquire()) {
            return;
        }
        var record = new ProducerRecord<>(Topics.TELEMETRY, report.agent(), TelemetryReader.write(report));
        try {
            var _ = producer.send(record, (metadata, failure) -> {
                unsent.release();
                heard(failure);
            });
        } catch (KafkaException | IllegalStateException e) {
            unsent.release();
            heard(e);
        }
    }

    private void heard(@Nullable Exception failure) {
        boolean now = failure != null;
        if (away.getAndSet(now) == now) {
            return;
        }
        if (now) {
            LOG.warnf("no telemetry reaches Kafka at %s (%s); serving goes on", bootstrapServers, failure);
        } else {
            LOG.infof("telemetry reaches Kafka at %s again", bootstrapServers);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofMillis(500));
    }
}
