package dev.littoral.scheduler.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.scheduler.rig.FakeAgent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The packaged scheduler between a real broker, a real API server and an agent on a script. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SchedulerIT {

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
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
        await().atMost(Duration.ofSeconds(30)).until(() -> post(CHAT).statusCode() == 200);
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
    void aRequestIsAnsweredInChunksAndOneFinal() throws Exception {
        user.ask("plain", CHAT);

        JsonNode end = user.end("plain");

        assertThat(end.path("status_code").asInt()).isEqualTo(200);
        assertThat(end.at("/payload/choices/0/message/content").asText()).isEqualTo("today");
        assertThat(user.chunks("plain"))
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.key()).isEqualTo("key-plain"));
    }

    @Test
    @Order(2)
    void theOffsetIsCommittedOnlyAfterTheFinal() throws Exception {
        await().until(() -> user.committed() == user.end());
        agent.script(FakeAgent.hanging("x"));
        long before = user.end();
        user.ask("slow", CHAT);
        await().until(() -> agent.running() == 1);
        agent.script(TODAY);
        user.ask("quick", CHAT);
        user.end("quick");

        // "quick" is done, but "slow" lies before it in the same partition
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(3)).until(() -> user.committed() == before);
        user.cancel("slow");

        assertThat(user.end("slow").path("error_code").asText()).isEqualTo("CANCELLED");
        await().until(() -> user.committed() == user.end());
    }

    @Test
    @Order(3)
    void aRecordThatIsNotJsonIsADeadLetter() throws Exception {
        user.ask("garbled", "hello");

        ConsumerRecord<String, byte[]> letter = user.deadLetter("NotJson");

        assertThat(letter.value()).isEqualTo("hello".getBytes(UTF_8));
        assertThat(user.end("garbled").path("error_code").asText()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    @Order(4)
    void aRecordWithoutAnIdIsADeadLetter() throws Exception {
        user.raw(CHAT.getBytes(UTF_8));

        assertThat(user.deadLetter("NoId").value()).isEqualTo(CHAT.getBytes(UTF_8));
    }

    @Test
    @Order(5)
    void aRecordOfTenMegabytesIsADeadLetter() throws Exception {
        user.ask("huge", "{\"model\":\"" + "x".repeat(10_000_000) + "\"}");

        assertThat(user.deadLetter("TooLarge").value()).hasSizeGreaterThan(10_000_000);
        assertThat(user.end("huge").path("error_code").asText()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    @Order(6)
    void anUnknownModelAndAPastDeadlineAreAnsweredSo() throws Exception {
        user.ask("unknown", CHAT.replace("tiny", "none"));
        user.ask("late", CHAT, "ce_deadline", "2020-01-01T00:00:00Z");

        assertThat(user.end("unknown").path("error_code").asText()).isEqualTo("MODEL_NOT_FOUND");
        assertThat(user.end("late").path("error_code").asText()).isEqualTo("DEADLINE_EXCEEDED");
    }

    @Test
    @Order(7)
    void theSameIdTwiceHasOneFinal() throws Exception {
        user.ask("twice", CHAT);
        user.ask("twice", CHAT);
        user.ask("after", CHAT);
        user.end("after");
        await().until(() -> user.committed() == user.end());
        user.poll(Duration.ofMillis(500));

        assertThat(user.finals("twice")).hasSize(1);
    }

    @Test
    @Order(8)
    void theSameIdWithAnotherBodyIsADeadLetter() throws Exception {
        user.ask("reused", CHAT);
        user.ask("reused", CHAT.replace("hi", "ho"));

        assertThat(KafkaUser.header(user.deadLetter("IdReused"), "ce_id")).isEqualTo("reused");
        assertThat(user.end("reused").path("status_code").asInt()).isEqualTo(200);
        await().until(() -> user.committed() == user.end());
        user.poll(Duration.ofMillis(500));
        assertThat(user.finals("reused")).hasSize(1);
    }

    @Test
    @Order(9)
    void aDeadlineOfZeroAndPrioritiesBelowZeroAreAnsweredSo() throws Exception {
        user.ask("no-deadline", CHAT, "ce_deadline", "0");
        user.ask("beginning-of-time", CHAT, "ce_deadline", "1970-01-01T00:00:00Z");
        user.ask("end-of-time", CHAT, "ce_deadline", "+999999999-12-31T23:59:59Z");
        user.ask("humble", CHAT, "ce_priority", "-2147483648");
        user.ask("humbler", CHAT, "ce_priority", "-2147483649");

        assertThat(user.end("no-deadline").path("error_code").asText()).isEqualTo("INVALID_REQUEST");
        assertThat(user.end("beginning-of-time").path("error_code").asText()).isEqualTo("DEADLINE_EXCEEDED");
        assertThat(user.end("end-of-time").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.end("humble").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.end("humbler").path("error_code").asText()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    @Order(10)
    void whoAsksForOnePieceGetsNoChunks() throws Exception {
        user.ask("whole", CHAT.replace("{\"model\"", "{\"stream\":false,\"model\""));

        assertThat(user.end("whole").at("/payload/choices/0/message/content").asText())
                .isEqualTo("today");
        assertThat(user.chunks("whole")).isEmpty();
    }

    @Test
    @Order(11)
    void memoryStaysSmall() throws Exception {
        String status = Files.readString(Path.of("/proc/" + parts.scheduler().pid() + "/status"));
        long residentKib = status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();

        assertThat(residentKib).isLessThan(400 * 1024);
    }

    @Test
    @Order(12)
    void aRequestSurvivesItsScheduler() throws Exception {
        agent.script(FakeAgent.hanging("x"));
        user.ask("survivor", CHAT);
        await().until(() -> agent.running() == 1);
        agent.script(TODAY);

        parts.replaceScheduler();

        assertThat(user.end("survivor").at("/payload/choices/0/message/content").asText())
                .isEqualTo("today");
        assertThat(user.finals("survivor")).hasSize(1);
    }

    @Test
    @Order(13)
    void withoutABrokerHttpIsStillServed() throws Exception {
        parts.killBroker();

        assertThat(post(CHAT).statusCode()).isEqualTo(200);
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/q/metrics").body())
                .contains(
                        "littoral_scheduler_queue_duration_seconds_count{outcome=\"Granted\"",
                        "littoral_scheduler_time_to_first_token_seconds",
                        "littoral_scheduler_requests_seconds_count{code=\"OK\"");
    }

    private HttpResponse<String> post(String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri("/v1/chat/completions"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) throws Exception {
        return URI.create("http://127.0.0.1:" + parts.httpPort() + path);
    }
}
