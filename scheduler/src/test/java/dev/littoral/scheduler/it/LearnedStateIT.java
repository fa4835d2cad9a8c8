package dev.littoral.scheduler.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.length.PromptReading;
import dev.littoral.crds.ModelDeployment;
import dev.littoral.scheduler.rig.FakeAgent;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What schedulers learned, spoilt by others or cut off, and an encoder that cannot be loaded. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LearnedStateIT {

    private static final String CHAT =
            "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story of foxes\"}]}";
    private static final TopicPartition STATE = new TopicPartition("littoral.state", 0);
    /** Counts the records of state that the scheduler has read. */
    private static final String HEARD =
            "kafka_consumer_fetch_manager_records_consumed_total{client_id=\"kafka-consumer-state\"";

    private static final Duration LONG = Duration.ofMinutes(2);

    private final FakeAgent agent = new FakeAgent("a", 8, FakeAgent.saying("to", "day"));
    private final HttpClient http = HttpClient.newHttpClient();
    private Path folder;
    private RealParts parts;
    private KafkaUser user;
    private Admin admin;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        parts = new RealParts(folder);
        parts.deploy(agent);
        user = new KafkaUser(parts.bootstrap());
        admin = Admin.create(Map.of("bootstrap.servers", parts.bootstrap()));
        await().atMost(LONG).until(() -> post() == 200);
    }

    @AfterAll
    void stop() {
        admin.close(Duration.ZERO);
        user.close();
        parts.close();
        agent.close();
        http.close();
    }

    @Test
    @Order(1)
    void whatIsLearnedIsWritten() {
        await().atMost(LONG).until(() -> {
            post();
            return end() > 0;
        });
        assertThat(prediction()).isEqualTo("Full");
    }

    @Test
    @Order(2)
    void recordsOfAnotherVersionOrCutShortAreLeftOut() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", parts.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Optional<byte[]> value : spoilt()) {
                for (String key : List.of("length/7/default/tiny", "length/x", "length/", "other/1/default/tiny")) {
                    producer.send(new ProducerRecord<>(STATE.topic(), key.getBytes(UTF_8), value.orElse(null)))
                            .get();
                }
            }
        }

        user.ask("while-it-runs", CHAT);
        assertThat(user.end("while-it-runs").path("status_code").asInt()).isEqualTo(200);
        parts.replaceScheduler();
        user.ask("from-the-beginning", CHAT);

        assertThat(user.end("from-the-beginning").path("status_code").asInt()).isEqualTo(200);
        assertThat(prediction()).isEqualTo("Full");
        assertLearnsOn();
    }

    @Test
    @Order(3)
    void aTopicOfStateThatIsCutOffIsBegunAnew() throws Exception {
        // a compacted topic lets nobody cut it off
        cleanUpBy("delete");
        admin.deleteRecords(Map.of(STATE, RecordsToDelete.beforeOffset(end())))
                .all()
                .get();
        cleanUpBy("compact");

        assertLearnsOn();
        parts.replaceScheduler();
        user.ask("behind-the-cut", CHAT);

        assertThat(user.end("behind-the-cut").path("status_code").asInt()).isEqualTo(200);
        assertLearnsOn();
    }

    @Test
    @Order(4)
    void whatWasLearnedBeforeADriftIsNotLearnedAgainAtTheNextStart() throws Exception {
        parts.replaceScheduler(Map.of("LITTORAL_LENGTH_DEADLINE", "1m"));
        await().atMost(LONG).until(() -> post() == 200);
        for (int foxes = 0; foxes < 40; foxes++) {
            tell(foxes);
        }
        parts.replaceScheduler();
        await().atMost(LONG).until(() -> post() == 200 && forecasts("LEARNED") > 0);

        agent.script(FakeAgent.saying("day ".repeat(300).split("(?<= )")));
        await().atMost(LONG).until(() -> {
            tell((int) metric("littoral_scheduler_length_forecasts_total"));
            return metric("littoral_scheduler_length_drifts_total") > 0;
        });
        await().atMost(LONG).until(() -> records().contains("drift/default/tiny"));
        parts.replaceScheduler();
        await().atMost(LONG).until(() -> post() == 200);
        int all = records().size();
        await().atMost(LONG).until(() -> metric(HEARD) >= all);
        // an own answer is told behind what was heard; the second one when all of that is learned
        learnOne();
        learnOne();
        assertThat(post()).isEqualTo(200);

        assertThat(forecasts("PRIOR")).isPositive();
        assertThat(forecasts("LEARNED")).isZero();
        // what comes from now on is learned
        await().atMost(LONG).until(() -> post() == 200 && forecasts("LEARNED") > 0);
    }

    private void learnOne() throws Exception {
        long before = end();
        assertThat(post()).isEqualTo(200);
        await().atMost(LONG).until(() -> end() > before);
    }

    private void tell(int foxes) throws Exception {
        assertThat(post(CHAT.replace("foxes", foxes + " foxes"))).isEqualTo(200);
    }

    private double forecasts(String source) throws Exception {
        return metric("littoral_scheduler_length_forecasts_total{source=\"" + source + "\"");
    }

    /** Sums the metrics whose lines begin like this. */
    private double metric(String start) throws Exception {
        return get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    @Order(5)
    void withoutAnEncoderTheServiceIsDegradedAndServes() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("no-library"));

        parts.replaceScheduler(Map.of("JAVA_TOOL_OPTIONS", "-Donnxruntime.native.path=" + empty));
        user.ask("prior-only", CHAT);

        assertThat(user.end("prior-only").path("status_code").asInt()).isEqualTo(200);
        assertThat(post()).isEqualTo(200);
        assertThat(prediction()).isEqualTo("Degraded");
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/q/metrics").body())
                .contains("littoral_scheduler_length_encoder 0.0")
                .contains("littoral_scheduler_length_forecasts_total{source=\"HISTOGRAM\"");
        assertThat(parts.schedulerLog()).contains("lengths are predicted without reading prompts");
    }

    @Test
    @Order(6)
    void aDeploymentThatIsGoneIsForgottenInTheTopicToo() throws Exception {
        assertThat(kept()).isNotEmpty();
        parts.replaceScheduler(Map.of("LITTORAL_LENGTH_FORGET_AFTER", "1s"));

        try (KubernetesClient client = parts.kubernetes()) {
            client.resources(ModelDeployment.class)
                    .inNamespace("default")
                    .withName("tiny")
                    .delete();
        }

        await().atMost(LONG).until(() -> kept().isEmpty());
    }

    @Test
    @Order(7)
    void aTopicOfStateThatIsNotCompactedIsWarnedOf() throws Exception {
        assertThat(parts.schedulerLog()).doesNotContain("cleanup.policy=");
        cleanUpBy("delete");

        parts.replaceScheduler();

        await().atMost(LONG).until(() -> parts.schedulerLog().contains("littoral.state has cleanup.policy=delete"));
    }

    /** Reads which keys of the deployment have a value, as whoever compacts the topic sees it. */
    private Set<String> kept() throws Exception {
        Set<String> keys = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> each : read()) {
            String key = new String(each.key(), UTF_8);
            if (key.endsWith("/default/tiny") && !key.startsWith("other/")) {
                boolean ignored = each.value() == null ? keys.remove(key) : keys.add(key);
            }
        }
        return keys;
    }

    /** Reads the keys of all records that are there, the oldest first. */
    private List<String> records() throws Exception {
        return read().stream().map(each -> new String(each.key(), UTF_8)).toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> read() throws IOException {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long end = end();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", parts.bootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(STATE));
            consumer.seekToBeginning(List.of(STATE));
            while (consumer.position(STATE) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Values that no scheduler of this version writes; absent: a tombstone. */
    private static List<Optional<byte[]>> spoilt() {
        int size = 2 + Integer.BYTES + Double.BYTES + PromptReading.size();
        List<Optional<byte[]>> values = new ArrayList<>();
        values.add(Optional.empty());
        values.add(Optional.of(new byte[0]));
        values.add(Optional.of(new byte[] {1}));
        values.add(Optional.of("{\"version\":0}".getBytes(UTF_8)));
        values.add(Optional.of(record(size, (byte) 0, 5, 5)));
        values.add(Optional.of(record(size, (byte) 2, 5, 5)));
        values.add(Optional.of(record(size - 1, (byte) 1, 5, 5)));
        values.add(Optional.of(record(size + 1, (byte) 1, 5, 5)));
        values.add(Optional.of(record(size, (byte) 1, -5, 5)));
        values.add(Optional.of(record(size, (byte) 1, 5, Double.NaN)));
        values.add(Optional.of(record(size, (byte) 1, 5, Double.POSITIVE_INFINITY)));
        return values;
    }

    private static byte[] record(int size, byte version, int tokens, double promptTokens) {
        return ByteBuffer.allocate(size)
                .put(version)
                .put((byte) 0)
                .putInt(tokens)
                .putDouble(promptTokens)
                .array();
    }

    private void cleanUpBy(String policy) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, STATE.topic()),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private void assertLearnsOn() {
        long before = end();
        await().atMost(LONG).until(() -> {
            post();
            return end() > before;
        });
    }

    private long end() {
        return admin.listOffsets(Map.of(STATE, OffsetSpec.latest()))
                .partitionResult(STATE)
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .offset();
    }

    private String prediction() {
        try {
            String health = get("/q/health/ready").body();
            return health.contains("\"Full\"") ? "Full" : health.contains("\"Degraded\"") ? "Degraded" : health;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private int post() throws Exception {
        return post(CHAT);
    }

    private int post(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/v1/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) throws Exception {
        return URI.create("http://127.0.0.1:" + parts.httpPort() + path);
    }
}
