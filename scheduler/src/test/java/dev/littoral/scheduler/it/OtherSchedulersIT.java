package dev.littoral.scheduler.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.events.TelemetryReader;
import dev.littoral.protocol.events.Topics;
import dev.littoral.protocol.events.WaitingTelemetry;
import dev.littoral.scheduler.kafka.Contract;
import dev.littoral.scheduler.rig.FakeAgent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two packaged schedulers that share an agent of one slot, and tell each other what waits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherSchedulersIT {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String LONG_ONE = "Write a detailed essay of 1000 words on the history of Rome.";
    /** What was heard counts for long, so that a machine may be slow. */
    private static final Map<String, String> SETTINGS = Map.of(
            "LITTORAL_TRAFFIC_INTERVAL", "200ms",
            "LITTORAL_PEERS_MAX_AGE", "2m",
            "LITTORAL_HTTP_PATIENCE", "5m");

    private final CountDownLatch enough = new CountDownLatch(1);
    private final FakeAgent agent = new FakeAgent("a", 1, (request, call) -> {
        call.started(7);
        if (text(request).equals("first")) {
            enough.await();
        }
        call.delta("x");
        call.finished(FinishReason.STOP);
    });
    private final HttpClient http = HttpClient.newHttpClient();
    private RealParts parts;
    private KafkaUser user;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        parts = new RealParts(folder, SETTINGS);
        Process ignored = parts.addScheduler();
        parts.deploy(agent);
        user = new KafkaUser(parts.bootstrap());
        for (int scheduler = 1; scheduler <= 2; scheduler++) {
            int each = scheduler;
            await().atMost(LONG)
                    .until(() -> ask(each, "are you there?", 1).join().statusCode() == 200);
        }
    }

    @AfterAll
    void stop() {
        enough.countDown();
        user.close();
        parts.close();
        agent.close();
        http.close();
    }

    @Test
    void aShortRequestThatWaitsAtOneSchedulerIsGivenRoomByTheOther() throws Exception {
        int before = agent.requests().size();
        CompletableFuture<HttpResponse<String>> first = ask(1, "first", 100);
        await().atMost(LONG).until(() -> agent.running() == 1);
        CompletableFuture<HttpResponse<String>> longer = ask(1, LONG_ONE, 400);
        await().atMost(LONG).until(() -> metric(2, "littoral_scheduler_elsewhere_waiting") == 1);
        // what it heard before would let it try the agent in vain
        await().atMost(LONG).until(() -> freeSlots(2) == 0);
        CompletableFuture<HttpResponse<String>> shorter = ask(2, "yes?", 1);
        await().atMost(LONG).until(() -> metric(1, "littoral_scheduler_elsewhere_waiting") == 1);

        // the first scheduler knows at once that there is a slot, the other has to ask
        enough.countDown();

        assertThat(shorter.join().statusCode()).isEqualTo(200);
        assertThat(longer.join().statusCode()).isEqualTo(200);
        assertThat(first.join().statusCode()).isEqualTo(200);
        assertThat(agent.requests().stream().skip(before).map(OtherSchedulersIT::text))
                .containsExactly("first", "yes?", LONG_ONE);
        for (int scheduler = 1; scheduler <= 2; scheduler++) {
            int each = scheduler;
            await().atMost(LONG).until(() -> metric(each, "littoral_scheduler_elsewhere_waiting") == 0);
        }
        List<byte[]> told = told();
        assertThat(told).hasSizeGreaterThanOrEqualTo(2).allSatisfy(record -> {
            assertThat(Contract.faults("waiting-telemetry", record)).isEmpty();
            assertThat(new String(record, UTF_8)).doesNotContain("Rome").doesNotContain("yes");
        });
        assertThat(told.stream()
                        .flatMap(each -> TelemetryReader.readWaiting(each).stream())
                        .map(WaitingTelemetry::scheduler)
                        .distinct())
                .hasSize(2);
    }

    @Test
    void whatNobodyCanReadIsCountedByBoth() throws Exception {
        user.report("nobody", "{\"version\":7,\"scheduler\":\"s\",\"waiting\":{}}".getBytes(UTF_8));

        for (int scheduler = 1; scheduler <= 2; scheduler++) {
            int each = scheduler;
            await().atMost(LONG)
                    .until(() ->
                            metric(each, "littoral_scheduler_telemetry_dropped_total{reason=\"Unreadable\"}") == 1);
        }
    }

    /** Reads what the schedulers told so far. */
    private List<byte[]> told() throws Exception {
        List<byte[]> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", parts.bootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.TELEMETRY).stream()
                    .map(each -> new TopicPartition(Topics.TELEMETRY, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            await().atMost(LONG).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(each -> records.add(each.value()));
                return ends.entrySet().stream().allMatch(each -> consumer.position(each.getKey()) >= each.getValue());
            });
        }
        return records.stream()
                .filter(each -> TelemetryReader.readWaiting(each).isPresent())
                .toList();
    }

    private static String text(GenerateRequest request) {
        return request.getChat().getMessages(0).getContent();
    }

    private CompletableFuture<HttpResponse<String>> ask(int scheduler, String content, int maxTokens) throws Exception {
        String body = "{\"model\":\"tiny\",\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(maxTokens, content);
        return http.sendAsync(
                HttpRequest.newBuilder(uri(scheduler, "/v1/chat/completions"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Reads a metric of one scheduler; -1 when it has none of this name. */
    private double metric(int scheduler, String name) throws Exception {
        String body = http.send(
                        HttpRequest.newBuilder(uri(scheduler, "/q/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        Optional<String> line =
                body.lines().filter(each -> each.startsWith(name + " ")).findFirst();
        return line.map(each -> Double.parseDouble(each.substring(name.length() + 1)))
                .orElse(-1.0);
    }

    /** Reads how many slots of the agent one scheduler takes to be free; -1 when it knows no agent. */
    private int freeSlots(int scheduler) throws Exception {
        String body = http.send(
                        HttpRequest.newBuilder(uri(scheduler, "/v1/littoral/routes"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return new ObjectMapper()
                .readTree(body)
                .path("backlogs")
                .path(0)
                .path("agents")
                .path(0)
                .path("free_slots")
                .asInt(-1);
    }

    private URI uri(int scheduler, String path) throws Exception {
        return URI.create("http://127.0.0.1:" + parts.httpPort(scheduler) + path);
    }
}
