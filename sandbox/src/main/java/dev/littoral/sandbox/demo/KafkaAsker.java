package dev.littoral.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Asks with a CloudEvent on {@code littoral.requests} and reads the answer from {@code littoral.responses}. */
final class KafkaAsker implements Asker {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RESPONSES = "littoral.responses";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;

    KafkaAsker(String bootstrap) {
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap, ProducerConfig.LINGER_MS_CONFIG, 0),
                new StringSerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(RESPONSES).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
        consumer.seekToEnd(consumer.assignment());
        consumer.assignment().forEach(consumer::position);
    }

    @Override
    public String name() {
        return "Kafka";
    }

    @Override
    public Answer ask(String model, Question question, Consumer<String> pieces) {
        String id = UUID.randomUUID().toString();
        byte[] body = Asker.body(model, question, true).toString().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<String, byte[]> request = new ProducerRecord<>("littoral.requests", id, body);
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", id,
                        "ce_type", "dev.littoral.request",
                        "ce_source", "/littoral/demo",
                        "ce_time", Instant.now().toString(),
                        "content-type", "application/json")
                .forEach((name, value) -> request.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        long start = System.nanoTime();
        var _ = producer.send(request);
        StringBuilder text = new StringBuilder();
        double firstTokenMillis = 0;
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            for (ConsumerRecord<String, byte[]> response : consumer.poll(Duration.ofMillis(100))) {
                if (!id.equals(header(response, "ce_requestid"))) {
                    continue;
                }
                JsonNode data = json(response.value());
                if (header(response, "ce_type").endsWith(".final")) {
                    return answer(question, data, firstTokenMillis, (System.nanoTime() - start) / 1e6);
                }
                String piece = data.at("/choices/0/delta/content").asText("");
                if (!piece.isEmpty() && text.isEmpty()) {
                    firstTokenMillis = (System.nanoTime() - start) / 1e6;
                }
                text.append(piece);
                pieces.accept(piece);
            }
        }
        throw DemoFailure.of("no final response on " + RESPONSES + " within " + PATIENCE.toSeconds() + " s");
    }

    private static Answer answer(Question question, JsonNode response, double firstTokenMillis, double totalMillis) {
        if (response.path("status_code").asInt() != 200) {
            throw DemoFailure.of("the answer is an error: " + response);
        }
        String text = response.at("/payload/choices/0/message/content").asText("");
        int tokens = response.at("/payload/usage/completion_tokens").asInt();
        return new Answer("Kafka", text, tokens, firstTokenMillis, totalMillis, question.rightlyAnsweredBy(text));
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw DemoFailure.of("a response is not JSON: " + new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static String header(ConsumerRecord<String, byte[]> response, String name) {
        Header header = response.headers().lastHeader(name);
        return header == null ? "" : new String(Objects.requireNonNull(header.value()), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        consumer.close();
    }
}
