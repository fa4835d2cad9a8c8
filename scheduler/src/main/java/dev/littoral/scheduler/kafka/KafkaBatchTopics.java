package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.events.EventNames;
import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.batch.BatchTopics;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/** Batches as anybody who uses the topics: requests in, committed finals out. */
@Singleton
class KafkaBatchTopics implements BatchTopics {

    private static final Logger LOG = Logger.getLogger(KafkaBatchTopics.class);
    /** How soon partitions that are made later are seen. */
    private static final int METADATA_AGE_MILLIS = 5_000;

    private static final ByteArrayDeserializer BYTES = new ByteArrayDeserializer();

    private final KafkaClientService clients;
    private final KafkaSettings settings;
    private final Map<String, Object> defaults;

    KafkaBatchTopics(
            KafkaClientService clients,
            KafkaSettings settings,
            @Identifier("default-kafka-broker") Map<String, Object> defaults) {
        this.clients = clients;
        this.settings = settings;
        this.defaults = defaults;
    }

    @Override
    public Map<Integer, Long> ends() {
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.RESPONSES).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw new UnknownTopicOrPartitionException(Topics.RESPONSES + " has no partitions yet");
            }
            Map<Integer, Long> ends = new HashMap<>();
            consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        }
    }

    @Override
    public int maxRequestBytes() {
        return settings.maxRequestBytes();
    }

    @Override
    public CompletableFuture<Sent> ask(String id, byte[] body, Instant deadline, int priority) {
        ProducerRecord<byte[], byte[]> request = new ProducerRecord<>(Topics.REQUESTS, id.getBytes(UTF_8), body);
        Map<String, String> attributes = Map.of(
                "specversion",
                "1.0",
                "id",
                id,
                "source",
                "littoral/batch",
                "type",
                EventNames.REQUEST_TYPE,
                EventNames.DEADLINE,
                deadline.toString(),
                EventNames.PRIORITY,
                Integer.toString(priority));
        attributes.forEach(
                (name, value) -> request.headers().add(EventNames.HEADER_PREFIX + name, value.getBytes(UTF_8)));
        return send(request);
    }

    @Override
    public void cancel(String id) {
        var ignored = send(new ProducerRecord<>(Topics.CANCELLATIONS, id.getBytes(UTF_8), new byte[0]))
                .exceptionally(failure -> {
                    LOG.warnf("%s is not called back: %s", id, failure);
                    return new Sent.Taken();
                });
    }

    private CompletableFuture<Sent> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Sent> written = new CompletableFuture<>();
        Producer<byte[], byte[]> producer =
                clients.<byte[], byte[]>getProducer(ChannelPublisher.RESPONSES).unwrap();
        try {
            var ignored = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    written.complete(new Sent.Taken());
                } else {
                    settle(written, failure);
                }
            });
        } catch (KafkaException e) {
            settle(written, e);
        }
        return written;
    }

    private static void settle(CompletableFuture<Sent> written, Exception failure) {
        never(failure).ifPresentOrElse(written::complete, () -> written.completeExceptionally(failure));
    }

    /** Says of a failure that it would be the same the next time; a right that is missing may be given. */
    static Optional<Sent> never(Exception failure) {
        return switch (failure) {
            case RecordTooLargeException _, RecordBatchTooLargeException _ ->
                Optional.of(new Sent.NeverTaken(
                        "line_too_long",
                        "the topic of requests does not take a record of this length: " + said(failure)));
            case InvalidRecordException _ ->
                Optional.of(new Sent.NeverTaken(
                        "line_refused", "the topic of requests does not take this record: " + said(failure)));
            default -> Optional.empty();
        };
    }

    private static String said(Exception failure) {
        return Optional.ofNullable(failure.getMessage())
                .orElse(failure.getClass().getSimpleName());
    }

    @Override
    public Listening listen(Map<Integer, Long> from, Listener listener) {
        BatchFinals finals = new BatchFinals(this::consumer, from, listener, settings.resendAfter());
        Thread reader = Thread.ofVirtual().name("batch-finals").start(finals);
        return () -> {
            finals.stop();
            try {
                reader.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(consumerSettings(), BYTES, BYTES);
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> settings = new HashMap<>(defaults);
        settings.keySet().retainAll(ConsumerConfig.configNames());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_AGE_MILLIS);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return settings;
    }
}
