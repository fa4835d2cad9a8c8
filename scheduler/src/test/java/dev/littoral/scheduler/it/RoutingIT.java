package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.crds.DevicePool;
import dev.littoral.crds.ModelDeployment;
import dev.littoral.scheduler.rig.FakeAgent;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Promises, explanations and early refusals of the packaged scheduler. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutingIT {

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String ESSAY = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\","
            + "\"content\":\"Write a detailed essay of 1000 words on the history of Rome.\"}]}";
    private static final String POOL = """
            apiVersion: littoral.dev/v1alpha1
            kind: DevicePool
            metadata: {name: cpu, namespace: default}
            spec: {nodeSelector: {a: b}, budgetWatts: 0.001}
            status:
              nodes:
              - {name: n, ready: true, allocatableBytes: 1, freeBytes: 1, profile: {watts: 50}, profileGiven: true}
            """;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakeAgent agent = new FakeAgent("a", 2, FakeAgent.saying("to", "day"));
    private final HttpClient http = HttpClient.newHttpClient();
    private RealParts parts;
    private KafkaUser user;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        // the essay would take minutes
        agent.decodeTokensPerSecond(1);
        parts = new RealParts(folder);
        parts.deploy(agent);
        user = new KafkaUser(parts.bootstrap());
        await().atMost(LONG).until(() -> post(CHAT).statusCode() == 200);
    }

    @AfterAll
    void stop() {
        user.close();
        parts.close();
        agent.close();
        http.close();
    }

    @Test
    void whatCannotEndInTimeIsRefusedAtOnceOnEitherPathWithTheTimeThatItWouldTake() throws Exception {
        String deadline = Instant.now().plusSeconds(3).toString();

        HttpResponse<String> refused = post(ESSAY, "x-littoral-deadline", deadline);
        user.ask("essay", ESSAY, "ce_deadline", Instant.now().plusSeconds(3).toString());

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.headers().firstValue("x-littoral-request-dropped-reason"))
                .contains("rejected-ttl-expired");
        assertThat(refused.body()).contains("is expected to take");
        JsonNode end = user.end("essay");
        assertThat(end.path("error_code").asText()).isEqualTo("DEADLINE_EXCEEDED");
        assertThat(end.toString()).contains("is expected to take");
        assertThat(agent.requests())
                .noneMatch(each -> each.getChat().getMessages(0).getContent().startsWith("Write"));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(get("/q/metrics").body())
                        .contains("littoral_scheduler_dropped_total{reason=\"DeadlineOutOfReach\"} 2.0"));
    }

    @Test
    void promisesOfADeploymentAndOfAPoolAreKeptAndExplained() throws Exception {
        try (KubernetesClient client = parts.kubernetes()) {
            DevicePool pool = Serialization.unmarshal(POOL, DevicePool.class);
            client.resource(pool).serverSideApply();
            client.resource(Serialization.unmarshal(POOL, DevicePool.class)).patchStatus();
            client.resources(ModelDeployment.class)
                    .inNamespace("default")
                    .withName("tiny")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\":{\"promises\":{\"joulesPerToken\":1e-6}}}");
        }

        // every answer uses more than that
        await().atMost(LONG).until(() -> post(CHAT).statusCode() == 200 && owed("Energy") > 0 && owed("PoolPower") > 0);
        JsonNode routes = get();

        JsonNode route = routes.path("routes").path(0);
        assertThat(route.path("deployment").asText()).isEqualTo("default/tiny");
        assertThat(route.path("request").asText()).startsWith("chatcmpl-");
        assertThat(route.path("agent").asText()).isEqualTo("a");
        await().atMost(LONG)
                .until(() -> post(CHAT).statusCode() == 200
                        && newest().path("energy_seconds").asDouble() > 0
                        && newest().path("pool_power_seconds").asDouble() > 0);
        assertThat(get("/q/metrics").body())
                .contains("littoral_scheduler_promise_owed{of=\"default/tiny\",promise=\"Energy\"}")
                .contains("littoral_scheduler_promise_price{of=\"default/cpu\",promise=\"PoolPower\"}")
                .contains("littoral_scheduler_agent_backlog{agent=\"a\",deployment=\"default/tiny\"}");
    }

    private double owed(String promise) throws Exception {
        for (JsonNode each : get().path("promises")) {
            if (each.path("promise").asText().equals(promise)) {
                return each.path("owed").asDouble();
            }
        }
        return 0;
    }

    private JsonNode newest() throws Exception {
        return get().path("routes").path(0).path("candidates").path(0);
    }

    private JsonNode get() throws Exception {
        return new ObjectMapper().readTree(get("/v1/littoral/routes?model=tiny").body());
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
