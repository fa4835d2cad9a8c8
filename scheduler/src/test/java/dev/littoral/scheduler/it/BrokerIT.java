package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.rig.FakeAgent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that goes and comes back, comes empty, is flooded with one key, and asks for a password. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrokerIT {

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final int FLOOD = 1500;
    private static final int LONG_ONES = 200;
    private static final int LONG_BYTES = 900_000;

    /** With the partitions that each is made with. */
    private static final Map<String, Integer> TOPICS = Map.of(
            Topics.REQUESTS, 4,
            Topics.RESPONSES, 4,
            Topics.DEAD_LETTERS, 1,
            Topics.CANCELLATIONS, 1,
            Topics.TELEMETRY, 1,
            Topics.STATE, 1);

    private static final int RECORD_BYTES = 16_000_000;
    private static final int PATIENT = 1600;
    private static final FakeAgent.Script TODAY = FakeAgent.saying("to", "day");

    private final FakeAgent agent = new FakeAgent("a", 8, TODAY);
    private final HttpClient http = HttpClient.newHttpClient();
    private RealParts parts;
    private KafkaUser user;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        parts = new RealParts(folder);
        parts.deploy(agent);
        user = new KafkaUser(parts.bootstrap());
        await().atMost(Duration.ofSeconds(60)).until(() -> post() == 200);
    }

    @AfterAll
    void stop() {
        user.close();
        parts.close();
        agent.close();
        http.close();
    }

    @Test
    @Order(1)
    void aFloodOfOneKeyDoesNotKeepTheOthersWaiting() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        agent.script((request, call) -> {
            all.await();
            TODAY.answer(request, call);
        });
        for (int each = 0; each < FLOOD; each++) {
            user.send(0, "flood-" + each, CHAT);
        }
        user.ask(1, "calm", CHAT);
        all.countDown();

        assertThat(user.end("calm").path("status_code").asInt()).isEqualTo(200);
        List<String> order =
                agent.requests().stream().map(GenerateRequest::getId).toList();
        // those that had begun, and a few fetches
        assertThat(order.indexOf("calm")).isBetween(0, FLOOD / 2);
        await().atMost(Duration.ofMinutes(3)).until(() -> {
            user.poll(Duration.ofMillis(100));
            return user.seen("dev.littoral.response.final") == FLOOD + 1;
        });
    }

    @Test
    @Order(2)
    void aSchedulerFindsABrokerThatComesBack() throws Exception {
        parts.replaceBroker();

        user.ask("back", CHAT);

        assertThat(user.end("back").path("status_code").asInt()).isEqualTo(200);
    }

    @Test
    @Order(3)
    void aSchedulerThatStartsWithoutABrokerServesHttpAndThenKafka() throws Exception {
        parts.killBroker();
        parts.replaceScheduler();
        await().atMost(Duration.ofSeconds(90)).until(() -> post() == 200);

        parts.replaceBroker();
        user.ask("at-last", CHAT);

        assertThat(user.end("at-last").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.finals("at-last")).hasSize(1);
    }

    @Test
    @Order(4)
    void aFloodOfLongRequestsStaysWithTheBroker() throws Exception {
        long before = user.seen("dev.littoral.response.final");
        CountDownLatch all = new CountDownLatch(1);
        agent.script((request, call) -> {
            all.await();
            TODAY.answer(request, call);
        });
        String body = CHAT.replace("\"model\"", "\"user\":\"" + "x".repeat(LONG_BYTES) + "\",\"model\"");
        for (int each = 0; each < LONG_ONES; each++) {
            user.send(each % 4, "long-" + each, body);
        }
        await().atMost(Duration.ofMinutes(2)).until(() -> agent.running() == 8);
        all.countDown();

        // together they are longer than the scheduler's whole heap
        await().atMost(Duration.ofMinutes(3)).until(() -> {
            user.poll(Duration.ofMillis(100));
            return user.seen("dev.littoral.response.final") == before + LONG_ONES;
        });
        assertThat(parts.scheduler().isAlive()).isTrue();
        agent.script(TODAY);
    }

    @Test
    @Order(5)
    void aFloodOfLongHeadersStaysWithTheBrokerToo() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        agent.script((request, call) -> {
            all.await();
            TODAY.answer(request, call);
        });
        for (int each = 0; each < LONG_ONES; each++) {
            user.send(each % 4, "headers-" + each, CHAT, "x-note", "x".repeat(LONG_BYTES));
        }
        user.ask(1, "short", CHAT);
        all.countDown();

        for (int each = 0; each < LONG_ONES; each++) {
            assertThat(user.end("headers-" + each).path("error_code").asText()).isEqualTo("INVALID_REQUEST");
        }
        assertThat(user.end("short").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.deadLetter("TooLarge").headers().headers("x-note")).isEmpty();
        assertThat(parts.scheduler().isAlive()).isTrue();
        assertThat(parts.schedulerLog()).doesNotContain("OutOfMemoryError");
        agent.script(TODAY);
    }

    @Test
    @Order(6)
    void aKeyAsLongAsARecordMayBeHoldsNothingUp() throws Exception {
        user.askAs(0, "k".repeat(RECORD_BYTES - 1000), "long-key", CHAT);
        user.ask(0, "behind-it", CHAT);

        assertThat(user.end("long-key").path("error_code").asText()).isEqualTo("INVALID_REQUEST");
        assertThat(user.end("behind-it").path("status_code").asInt()).isEqualTo(200);
        await().atMost(Duration.ofMinutes(1)).until(() -> user.committed(0) == user.end(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spread", "of-one-partition"})
    @Order(7)
    void whatIsUrgentIsAnsweredBeforeTheManyInFrontOfIt(String how) throws Exception {
        long before = user.seen("dev.littoral.response.final");
        int begunBefore = agent.requests().size();
        CountDownLatch all = new CountDownLatch(1);
        agent.script((request, call) -> {
            // the prompt is read: the next one need not wait for that
            call.started(7);
            call.delta("to");
            all.await();
            call.delta("day");
            call.finished(FinishReason.STOP);
        });
        int partitions = how.equals("spread") ? 4 : 1;
        for (int each = 0; each < PATIENT; each++) {
            user.send(each % partitions, how + "-" + each, CHAT, "ce_priority", "-10");
        }
        user.ask(0, "urgent-" + how, CHAT, "ce_priority", "10");
        user.ask(3, "calm-" + how, CHAT);
        // 64 of a negative priority have a place, 8 of them a slot
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(get("/q/metrics")).contains("littoral_scheduler_queue_size 58.0"));
        all.countDown();

        await().atMost(Duration.ofMinutes(3)).until(() -> {
            user.poll(Duration.ofMillis(100));
            return user.seen("dev.littoral.response.final") == before + PATIENT + 2;
        });
        List<String> order = agent.requests().stream()
                .skip(begunBefore)
                .map(GenerateRequest::getId)
                .toList();
        // behind those that had a slot; what is let go on at once may arrive in any order
        assertThat(order.indexOf("urgent-" + how)).isBetween(0, 24);
        assertThat(order.indexOf("calm-" + how)).isBetween(0, 24);
        agent.script(TODAY);
    }

    @Test
    @Order(8)
    void aBrokerThatComesLateAndEmptyHasTheTopicsMadeByTheScheduler() throws Exception {
        // a producer has the broker make what it once wrote to
        user.close();
        parts.killBroker();
        parts.replaceScheduler();
        await().atMost(Duration.ofSeconds(90)).until(() -> post() == 200);

        parts.emptyBroker();

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", parts.bootstrap()))) {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> admin.listTopics().names().get().containsAll(TOPICS.keySet()));
            Map<String, TopicDescription> made =
                    admin.describeTopics(TOPICS.keySet()).allTopicNames().get();
            TOPICS.forEach((topic, partitions) -> assertThat(made)
                    .hasEntrySatisfying(
                            topic,
                            each -> assertThat(each.partitions()).as(topic).hasSize(partitions)));
            assertThat(configured(admin, Topics.STATE, TopicConfig.CLEANUP_POLICY_CONFIG))
                    .isEqualTo("compact");
            for (String fleeting : List.of(Topics.CANCELLATIONS, Topics.TELEMETRY)) {
                assertThat(configured(admin, fleeting, TopicConfig.RETENTION_MS_CONFIG))
                        .as(fleeting)
                        .isEqualTo("3600000");
            }
            for (String large : List.of(Topics.REQUESTS, Topics.RESPONSES, Topics.DEAD_LETTERS)) {
                assertThat(configured(admin, large, TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
                        .as(large)
                        .isEqualTo("16777216");
            }
        }
        user = new KafkaUser(parts.bootstrap());
        user.ask("on-new-ground", CHAT);
        assertThat(user.end("on-new-ground").path("status_code").asInt()).isEqualTo(200);
    }

    private static String configured(Admin admin, String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().values().stream()
                .flatMap(each -> each.entries().stream())
                .filter(entry -> entry.name().equals(name))
                .map(ConfigEntry::value)
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(9)
    void aSchedulerLogsInWithTheSettingsOfAnyQuarkusApplication() throws Exception {
        parts.replaceScheduler(parts.login(RealParts.PASSWORD));

        user.ask("secured", CHAT);

        assertThat(user.end("secured").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.finals("secured")).hasSize(1);
    }

    @Test
    @Order(10)
    void whoIsNotLetInStillServesHttp() throws Exception {
        parts.replaceScheduler(parts.login("wrong"));

        await().atMost(Duration.ofSeconds(60)).until(() -> post() == 200);
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + parts.httpPort() + path))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private int post() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + parts.httpPort() + "/v1/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(CHAT))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }
}
