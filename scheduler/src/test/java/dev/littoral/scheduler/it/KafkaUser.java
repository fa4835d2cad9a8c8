package dev.littoral.scheduler.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.protocol.events.AgentTelemetry;
import dev.littoral.protocol.events.TelemetryReader;
import dev.littoral.protocol.events.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends requests and keeps everything that comes back. */
final class KafkaUser implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();
    private final Admin admin;

    KafkaUser(String bootstrap) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "max.request.size", 16_000_000),
                new StringSerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest",
                        "isolation.level",
                        "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of("littoral.responses", "littoral.requests.dlq")) {
            consumer.partitionsFor(topic).forEach(each -> partitions.add(new TopicPartition(topic, each.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    void ask(String id, String body, String... more) throws ExecutionException, InterruptedException {
        ask(0, id, body, more);
    }

    void ask(int partition, String id, String body, String... more) throws ExecutionException, InterruptedException {
        producer.send(request(partition, "key-" + id, id, body, more)).get();
    }

    /** Asks with this key. */
    void askAs(int partition, String key, String id, String body) throws ExecutionException, InterruptedException {
        producer.send(request(partition, key, id, body)).get();
    }

    /** Asks without waiting for the broker. */
    void send(int partition, String id, String body, String... more) {
        var ignored = producer.send(request(partition, "key-" + id, id, body, more));
    }

    /** Counts the records of a type that came. */
    long seen(String type) {
        return seen.stream()
                .filter(each -> header(each, "ce_type").equals(type))
                .count();
    }

    private static ProducerRecord<String, byte[]> request(
            int partition, String key, String id, String body, String... more) {
        ProducerRecord<String, byte[]> request =
                new ProducerRecord<>("littoral.requests", partition, key, body.getBytes(UTF_8));
        request.headers()
                .add("ce_specversion", "1.0".getBytes(UTF_8))
                .add("ce_id", id.getBytes(UTF_8))
                .add("ce_source", "test".getBytes(UTF_8))
                .add("ce_type", "dev.littoral.request".getBytes(UTF_8));
        for (int each = 0; each < more.length; each += 2) {
            request.headers().add(more[each], more[each + 1].getBytes(UTF_8));
        }
        return request;
    }

    void raw(byte[] value) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>("littoral.requests", 0, null, value)).get();
    }

    /** Says on the topic of telemetry what an agent would say. */
    void report(AgentTelemetry telemetry) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(Topics.TELEMETRY, telemetry.agent(), TelemetryReader.write(telemetry)))
                .get();
    }

    /** Says on the topic of telemetry whatever it is. */
    void report(String key, byte[] value) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(Topics.TELEMETRY, key, value)).get();
    }

    void cancel(String id) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>("littoral.cancellations", id, new byte[0]))
                .get();
    }

    /** Waits for the final response of a request. */
    JsonNode end(String id) throws IOException {
        await(each -> isFinal(each, id));
        return JSON.readTree(finals(id).getFirst().value());
    }

    List<ConsumerRecord<String, byte[]>> finals(String id) {
        return seen.stream().filter(each -> isFinal(each, id)).toList();
    }

    List<ConsumerRecord<String, byte[]>> chunks(String id) {
        return seen.stream()
                .filter(each -> header(each, "ce_requestid").equals(id)
                        && header(each, "ce_type").equals("dev.littoral.response.chunk"))
                .toList();
    }

    /** Waits for a dead letter with this reason. */
    ConsumerRecord<String, byte[]> deadLetter(String reason) {
        return await(each -> header(each, "littoral-reason").equals(reason));
    }

    /** Returns the next offset that the schedulers' group will read of partition 0. */
    long committed() throws ExecutionException, InterruptedException {
        return committed(0);
    }

    /** Returns the next offset that the schedulers' group will read of this partition. */
    long committed(int partition) throws ExecutionException, InterruptedException {
        return Optional.ofNullable(admin.listConsumerGroupOffsets("littoral-scheduler")
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(new TopicPartition("littoral.requests", partition)))
                .map(offset -> offset.offset())
                .orElse(0L);
    }

    /** Returns the offset at which partition 0 of the requests ends. */
    long end() {
        return end(0);
    }

    /** Returns the offset at which this partition of the requests ends. */
    long end(int number) {
        TopicPartition partition = new TopicPartition("littoral.requests", number);
        return Optional.ofNullable(consumer.endOffsets(List.of(partition)).get(partition))
                .orElseThrow();
    }

    ConsumerRecord<String, byte[]> await(Predicate<ConsumerRecord<String, byte[]>> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<ConsumerRecord<String, byte[]>> found =
                    seen.stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.orElseThrow();
            }
            poll(Duration.ofMillis(100));
        }
        throw new AssertionError("no such record within " + PATIENCE + " among " + seen.size());
    }

    void poll(Duration time) {
        consumer.poll(time).forEach(seen::add);
    }

    static String header(ConsumerRecord<String, byte[]> each, String name) {
        Header header = each.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    private static boolean isFinal(ConsumerRecord<String, byte[]> each, String id) {
        return header(each, "ce_requestid").equals(id)
                && header(each, "ce_type").equals("dev.littoral.response.final");
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        consumer.close();
        admin.close(Duration.ZERO);
    }
}
