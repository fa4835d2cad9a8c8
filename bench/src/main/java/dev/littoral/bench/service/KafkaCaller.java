package dev.littoral.bench.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Asks through Kafka and hears of finals; or only sends a record through the bare broker. */
final class KafkaCaller implements AutoCloseable {

    private static final byte[] BODY =
            "{\"model\":\"tiny\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                    .getBytes(UTF_8);
    private static final byte[] FINAL = "dev.littoral.response.final".getBytes(UTF_8);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread reader;
    private final String prefix;
    private final String topic;
    private final AtomicReference<IntConsumer> heard = new AtomicReference<>(number -> {});
    private final AtomicReference<Optional<Traced>> traced = new AtomicReference<>(Optional.empty());
    private volatile boolean closed;

    private record Traced(Hops hops, int first) {}

    /**
     * Opens a caller.
     *
     * @param asks topic to write to
     * @param answers topic to read from; the same: records are heard as they are written
     */
    KafkaCaller(String bootstrap, String asks, String answers, String prefix) throws InterruptedException {
        this.prefix = prefix;
        this.topic = asks;
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.partitionsFor(asks);
        CountDownLatch ready = new CountDownLatch(1);
        reader = Thread.ofPlatform().name("reader").daemon().start(() -> read(bootstrap, answers, ready));
        ready.await();
    }

    /** Says who is told the numbers of the requests that have their final. */
    void onEnd(IntConsumer listener) {
        heard.set(listener);
    }

    /** Notes the hops of the requests from this number on, until it is told of others. */
    void trace(Hops hops, int first) {
        traced.set(Optional.of(new Traced(hops, first)));
    }

    private void reached(int number, Hops.Hop hop, Instant when) {
        traced.get().ifPresent(each -> each.hops().end(number - each.first(), hop, when));
    }

    /** Asks. */
    void ask(int number) {
        reached(number, Hops.Hop.ASKED, Instant.now());
        byte[] id = (prefix + number).getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> request = new ProducerRecord<>(topic, id, BODY);
        request.headers()
                .add("ce_specversion", "1.0".getBytes(UTF_8))
                .add("ce_id", id)
                .add("ce_source", "bench".getBytes(UTF_8))
                .add("ce_type", "dev.littoral.request".getBytes(UTF_8));
        var ignored = producer.send(request);
    }

    private void read(String bootstrap, String answers, CountDownLatch ready) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "enable.auto.commit",
                        false,
                        "isolation.level",
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(answers).stream()
                    .map(each -> new TopicPartition(answers, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            ready.countDown();
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                    if (answers.equals(topic)) {
                        number(each, "ce_id").ifPresent(heard.get()::accept);
                    } else {
                        number(each, "ce_requestid").ifPresent(number -> answered(number, each));
                    }
                }
            }
        }
    }

    private void answered(int number, ConsumerRecord<byte[], byte[]> answer) {
        Instant made = Instant.parse(new String(header(answer, "ce_time"), UTF_8));
        if (!Arrays.equals(header(answer, "ce_type"), FINAL)) {
            reached(number, Hops.Hop.TOKEN, made);
            return;
        }
        reached(number, Hops.Hop.MADE, made);
        reached(number, Hops.Hop.BEGUN, Instant.ofEpochMilli(answer.timestamp()));
        reached(number, Hops.Hop.READ, Instant.now());
        heard.get().accept(number);
    }

    /** Returns the number of the request that a header names, if it is one of this caller's. */
    private OptionalInt number(ConsumerRecord<byte[], byte[]> each, String name) {
        String id = new String(header(each, name), UTF_8);
        return id.startsWith(prefix)
                ? OptionalInt.of(Integer.parseInt(id.substring(prefix.length())))
                : OptionalInt.empty();
    }

    private static byte[] header(ConsumerRecord<byte[], byte[]> each, String name) {
        Header header = each.headers().lastHeader(name);
        return header == null ? new byte[0] : header.value();
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ZERO);
    }
}
