package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.events.EventNames;
import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.batch.BatchTopics;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/** Batches as anybody who uses the topics: requests in, committed finals out. */
@Singleton
class KafkaBatchTopics implements BatchTopics {

    private static final Logger LOG = Logger.getLogger(KafkaBatchTopics.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final ByteArrayDeserializer BYTES = new ByteArrayDeserializer();

    private final KafkaClientService clients;
    private final Map<String, Object> defaults;

    KafkaBatchTopics(KafkaClientService clients, @Identifier("default-kafka-broker") Map<String, Object> defaults) {
        this.clients = clients;
        this.defaults = defaults;
    }

    @Override
    public Map<Integer, Long> ends() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings(), BYTES, BYTES)) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.RESPONSES).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            Map<Integer, Long> ends = new HashMap<>();
            consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        }
    }

    @Override
    public CompletableFuture<?> ask(String id, byte[] body, Instant deadline, int priority) {
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
        var ignored = send(new ProducerRecord<>(Topics.CANCELLATIONS, id.getBytes(UTF_8), new byte[0]));
    }

    private CompletableFuture<?> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        Producer<byte[], byte[]> producer =
                clients.<byte[], byte[]>getProducer(ChannelPublisher.RESPONSES).unwrap();
        try {
            var ignored = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    written.complete(true);
                } else {
                    written.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            written.completeExceptionally(e);
        }
        return written;
    }

    @Override
    public Listening listen(Map<Integer, Long> from, Listener listener) {
        AtomicBoolean over = new AtomicBoolean();
        Thread reader = Thread.ofVirtual().name("batch-finals").start(() -> {
            Map<Integer, Long> next = new HashMap<>(from);
            while (!over.get()) {
                try {
                    read(next, listener, over);
                } catch (RuntimeException | Error e) {
                    LOG.warnf(e, "finals of a batch are not read; again in %s", POLL);
                    pause();
                }
            }
        });
        return () -> {
            over.set(true);
            try {
                reader.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the reader of a batch", e);
        }
    }

    private void read(Map<Integer, Long> next, Listener listener, AtomicBoolean over) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings(), BYTES, BYTES)) {
            Map<TopicPartition, Long> places = new HashMap<>();
            next.forEach((number, offset) -> places.put(new TopicPartition(Topics.RESPONSES, number), offset));
            consumer.assign(places.keySet());
            places.forEach(consumer::seek);
            while (!over.get()) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                    if (header(each, "type").equals(EventNames.FINAL_TYPE)) {
                        listener.ended(header(each, EventNames.REQUEST_ID), each.value());
                    }
                    next.put(each.partition(), each.offset() + 1);
                }
            }
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> each, String attribute) {
        return Optional.ofNullable(each.headers().lastHeader(EventNames.HEADER_PREFIX + attribute))
                .map(Header::value)
                .map(bytes -> new String(bytes, UTF_8))
                .orElse("");
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(defaults);
        settings.keySet().retainAll(ConsumerConfig.configNames());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return settings;
    }
}
