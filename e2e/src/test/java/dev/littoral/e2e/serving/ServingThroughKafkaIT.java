package dev.littoral.e2e.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests through Kafka to two agents with the trained model, one of which is killed in the midst of its answers and
 * started again, twice: {@code -Dlittoral.serving.requests}, {@code .seed}.
 */
class ServingThroughKafkaIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REQUESTS = Integer.getInteger("littoral.serving.requests", 200);
    private static final long SEED = Long.getLong("littoral.serving.seed", 42);
    private static final int PROMPTS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** What came of one request. */
    private static final class Page {
        private final StringBuilder chunks = new StringBuilder();
        private final List<JsonNode> finals = new ArrayList<>();
        private long attempt;
    }

    private final Map<String, Page> pages = new HashMap<>();

    @Test
    void everyRequestIsAnsweredOnceThoughAnAgentIsKilledInItsMidst(@TempDir Path folder) throws Exception {
        List<String> prompts = prompts();
        SplittableRandom random = new SplittableRandom(SEED);
        try (ServingCluster cluster = new ServingCluster(folder, 2);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", cluster.bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer = answers(cluster.bootstrap())) {
            for (int each = 0; each < PROMPTS; each++) {
                ask(producer, "calm-" + each, prompts.get(each));
            }
            readUntil(consumer, PROMPTS);
            for (int each = 0; each < REQUESTS; each++) {
                ask(producer, "r" + each, prompts.get(each % PROMPTS));
            }

            for (int part = 1; part <= 2; part++) {
                int victim = random.nextInt(2);
                readUntil(consumer, PROMPTS + REQUESTS * part / 4 + random.nextInt(REQUESTS / 8));
                cluster.kill(victim);
                readUntil(consumer, PROMPTS + REQUESTS * part / 4 + REQUESTS / 7);
                cluster.restart(victim);
            }
            readUntil(consumer, PROMPTS + REQUESTS);
            // a second final would come now
            read(consumer, Duration.ofSeconds(2));
        }

        assertThat(pages).hasSize(PROMPTS + REQUESTS);
        assertThat(pages).allSatisfy((id, page) -> {
            assertThat(page.finals).as(id).hasSize(1);
            JsonNode end = page.finals.getFirst();
            assertThat(end.path("status_code").asInt()).as(end.toString()).isEqualTo(200);
            assertThat(text(end)).isNotEmpty().isEqualTo(page.chunks.toString());
        });
        for (int each = 0; each < REQUESTS; each++) {
            assertThat(text(page("r" + each).finals.getFirst()))
                    .as("r" + each)
                    .isEqualTo(text(page("calm-" + each % PROMPTS).finals.getFirst()));
        }
    }

    private static List<String> prompts() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("../models/prompts.jsonl"))) {
            List<String> prompts = new ArrayList<>();
            for (String line : lines.limit(PROMPTS).toList()) {
                prompts.add(JSON.readTree(line).path("prompt").asText());
            }
            return prompts;
        }
    }

    private static void ask(KafkaProducer<byte[], byte[]> producer, String id, String prompt) throws Exception {
        Map<String, Object> body = Map.of(
                "model",
                ServingCluster.MODEL,
                "temperature",
                0,
                "max_tokens",
                32,
                "messages",
                List.of(Map.of("role", "user", "content", prompt)));
        ProducerRecord<byte[], byte[]> request =
                new ProducerRecord<>("littoral.requests", id.getBytes(UTF_8), JSON.writeValueAsBytes(body));
        Map.of("ce_specversion", "1.0", "ce_id", id, "ce_source", "e2e", "ce_type", "dev.littoral.request")
                .forEach((name, value) -> request.headers().add(name, value.getBytes(UTF_8)));
        producer.send(request).get();
    }

    private static KafkaConsumer<byte[], byte[]> answers(String bootstrap) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor("littoral.responses").stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList());
        return consumer;
    }

    private void readUntil(KafkaConsumer<byte[], byte[]> consumer, int finals) throws IOException {
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (ended() < finals) {
            if (System.nanoTime() > giveUpAt) {
                throw new AssertionError(ended() + " of " + finals + " requests ended within " + PATIENCE);
            }
            read(consumer, Duration.ofMillis(200));
        }
    }

    private long ended() {
        return pages.values().stream().filter(page -> !page.finals.isEmpty()).count();
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer, Duration time) throws IOException {
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(time)) {
            Page page = pages.computeIfAbsent(header(each, "ce_requestid"), id -> new Page());
            JsonNode data = JSON.readTree(each.value());
            if (header(each, "ce_type").endsWith(".final")) {
                page.finals.add(data);
                continue;
            }
            long attempt = Long.parseLong(header(each, "ce_attempt"));
            if (attempt > page.attempt) {
                page.attempt = attempt;
                page.chunks.setLength(0);
            }
            page.chunks.append(data.at("/choices/0/delta/content").asText());
        }
    }

    private Page page(String id) {
        return Objects.requireNonNull(pages.get(id), id);
    }

    private static String text(JsonNode end) {
        return end.at("/payload/choices/0/message/content").asText();
    }

    private static String header(ConsumerRecord<byte[], byte[]> each, String name) {
        return new String(
                Objects.requireNonNull(each.headers().lastHeader(name), name).value(), UTF_8);
    }
}
