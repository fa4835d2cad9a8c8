package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.scheduler.rig.FakeAgent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes and comes back, is flooded with one key, and asks for a password. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrokerIT {

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final int FLOOD = 1500;
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
    void aSchedulerLogsInWithTheSettingsOfAnyQuarkusApplication() throws Exception {
        parts.replaceScheduler(RealParts.PASSWORD);

        user.ask("secured", CHAT);

        assertThat(user.end("secured").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.finals("secured")).hasSize(1);
    }

    @Test
    @Order(4)
    void whoIsNotLetInStillServesHttp() throws Exception {
        parts.replaceScheduler("wrong");

        await().atMost(Duration.ofSeconds(60)).until(() -> post() == 200);
    }

    private int post() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + parts.httpPort() + "/v1/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(CHAT))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }
}
