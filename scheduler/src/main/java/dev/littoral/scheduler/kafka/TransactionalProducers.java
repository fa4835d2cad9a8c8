package dev.littoral.scheduler.kafka;

import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.Config;

/** Makes producers that write transactions, with the settings of the channel {@code responses}. */
@Singleton
class TransactionalProducers implements Function<String, Producer<byte[], byte[]>> {

    private static final String CHANNEL = "mp.messaging.outgoing." + ChannelPublisher.RESPONSES + ".";

    /** A call that the broker does not answer is repeated after this time. */
    private static final int MOST_BLOCKED_MILLIS = 10_000;

    private static final int RETRY_MILLIS = 2;

    /** What is in a transaction goes in as few requests as it can, all when it is committed. */
    private static final int LINGER_MILLIS = 1000;

    private static final int BATCH_BYTES = 1 << 17;

    private final Map<String, Object> defaults;
    private final Config config;

    TransactionalProducers(@Identifier("default-kafka-broker") Map<String, Object> defaults, Config config) {
        this.defaults = defaults;
        this.config = config;
    }

    @Override
    public Producer<byte[], byte[]> apply(String transactionalId) {
        Map<String, Object> settings = new HashMap<>();
        for (String name : ProducerConfig.configNames()) {
            Optional<Object> channel =
                    config.getOptionalValue(CHANNEL + name, String.class).map(Object.class::cast);
            channel.or(() -> Optional.ofNullable(defaults.get(name))).ifPresent(value -> settings.put(name, value));
        }
        settings.remove(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG);
        settings.remove(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, transactionalId);
        // the broker refuses a transaction's first record while it marks the one before, for a moment
        settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, RETRY_MILLIS);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MOST_BLOCKED_MILLIS);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
