package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.crds.ModelDeploymentStatus;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.events.AgentTelemetry;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.traffic.StatusSink;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What the scheduler tells its cluster and hears from it: status, telemetry, an API server that goes away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final int SLOTS = 2;
    private static final Map<String, String> QUICK_STATUS_AND_ONE_DESCRIPTION = Map.of(
            "LITTORAL_TRAFFIC_INTERVAL", "200ms",
            "LITTORAL_TRAFFIC_WINDOW", "1s",
            "LITTORAL_SCHEDULER_DESCRIBE_INTERVAL", "1h",
            "LITTORAL_SCHEDULER_REPORT_MAX_AGE", "1h");

    private final FakeAgent agent = new FakeAgent("a", SLOTS, FakeAgent.saying("to", "day"));
    private final HttpClient http = HttpClient.newHttpClient();
    private RealParts parts;
    private KafkaUser user;
    private KubernetesClient kubernetes;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        parts = new RealParts(folder, QUICK_STATUS_AND_ONE_DESCRIPTION);
        parts.deploy(agent);
        user = new KafkaUser(parts.bootstrap());
        kubernetes = parts.kubernetes();
        await().atMost(Duration.ofSeconds(30)).until(() -> post(CHAT).statusCode() == 200);
    }

    @AfterAll
    void stop() {
        kubernetes.close();
        user.close();
        parts.close();
        agent.close();
        http.close();
    }

    @Test
    @Order(1)
    void theStatusSaysHowManyTokensFlowAndHowManyRequestsWait() throws Exception {
        CountDownLatch enough = new CountDownLatch(1);
        agent.script((request, call) -> {
            call.started(7);
            while (!enough.await(5, TimeUnit.MILLISECONDS)) {
                call.delta("x");
            }
            call.finished(FinishReason.STOP);
        });
        for (int each = 0; each < SLOTS + 3; each++) {
            user.ask("flow-" + each, CHAT);
        }

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(status()).satisfies(status -> {
                    assertThat(status.tokensPerSecond()).isGreaterThan(10);
                    assertThat(status.queue()).isEqualTo(3);
                }));
        enough.countDown();

        for (int each = 0; each < SLOTS + 3; each++) {
            user.end("flow-" + each);
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(status()).satisfies(status -> {
                    assertThat(status.tokensPerSecond()).isZero();
                    assertThat(status.queue()).isZero();
                }));
    }

    @Test
    @Order(2)
    void theSchedulerOwnsTheseTwoFieldsAndTheOperatorAllOthers() throws Exception {
        parts.deploy(agent);

        ManagedFieldsEntry own = deployment().getMetadata().getManagedFields().stream()
                .filter(each -> StatusSink.FIELD_MANAGER.equals(each.getManager()))
                .findFirst()
                .orElseThrow();
        assertThat(own.getSubresource()).isEqualTo("status");
        assertThat(own.getFieldsV1().getAdditionalProperties())
                .isEqualTo(Map.of("f:status", Map.of("f:queue", Map.of(), "f:tokensPerSecond", Map.of())));
        assertThat(status().stages()).hasSize(1);
        assertThat(status().queue()).isZero();
    }

    @Test
    @Order(3)
    void whatAnAgentReportsThroughKafkaDecidesWhereRequestsGo() throws Exception {
        agent.script(FakeAgent.saying("to", "day"));
        user.report(telemetry(0));
        // a request with little time, but enough for its answer, is refused once the report is known
        await().atMost(Duration.ofSeconds(20))
                .until(() -> post(
                                        CHAT.replace("}]}", "}],\"max_tokens\":2}"),
                                        "x-littoral-deadline",
                                        Instant.now().plusMillis(300).toString())
                                .statusCode()
                        == 504);
        int before = agent.requests().size();
        user.ask("held", CHAT);
        await().during(Duration.ofMillis(500)).until(() -> agent.requests().size() == before);

        user.report(telemetry(SLOTS));

        assertThat(user.end("held").path("status_code").asInt()).isEqualTo(200);
    }

    @Test
    @Order(4)
    void withoutTheApiServerTheLastKnownDeploymentsGoOnServing() throws Exception {
        parts.killApiServer();

        user.ask("alone", CHAT);

        assertThat(user.end("alone").path("status_code").asInt()).isEqualTo(200);
        assertThat(post(CHAT).statusCode()).isEqualTo(200);
        assertThat(get("/v1/models").body()).contains("tiny");
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(5)
    void aSchedulerThatStartsWithoutTheApiServerKeepsRequestsUntilItIsBack() throws Exception {
        parts.replaceScheduler();
        user.ask("early", CHAT);

        await().atMost(Duration.ofSeconds(60))
                .during(Duration.ofSeconds(2))
                .until(() -> post(CHAT).statusCode() == 503);
        user.poll(Duration.ofMillis(500));
        assertThat(user.finals("early")).isEmpty();
        parts.restartApiServer();
        parts.deploy(agent);

        assertThat(user.end("early").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.finals("early")).hasSize(1);
    }

    private static AgentTelemetry telemetry(int freeSlots) {
        return new AgentTelemetry(
                "a", "n", "default/tiny", "p1", 0, SLOTS, freeSlots, 0, 0, 0, 900, 80, 1 << 20, Instant.now());
    }

    private ModelDeployment deployment() {
        return Objects.requireNonNull(kubernetes
                .resources(ModelDeployment.class)
                .inNamespace("default")
                .withName("tiny")
                .get());
    }

    private ModelDeploymentStatus status() {
        return Objects.requireNonNull(deployment().getStatus());
    }

    private HttpResponse<String> post(String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri("/v1/chat/completions")).POST(HttpRequest.BodyPublishers.ofString(body));
        for (int each = 0; each < headers.length; each += 2) {
            request.header(headers[each], headers[each + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) throws Exception {
        return URI.create("http://127.0.0.1:" + parts.httpPort() + path);
    }
}
