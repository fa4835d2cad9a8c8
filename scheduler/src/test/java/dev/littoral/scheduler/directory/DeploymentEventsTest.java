package dev.littoral.scheduler.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeploymentEventsTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T05:00:00.5Z"), ZoneOffset.UTC);

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private KubernetesClient client;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(exchange.getRequestMethod() + " " + path);
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            boolean known = path.endsWith("/events") || path.endsWith("/edge/modeldeployments/tiny");
            if (path.endsWith("/events")) {
                written.add(body);
            }
            byte[] reply = (path.endsWith("/events")
                            ? body
                            : known
                                    ? "{\"apiVersion\":\"littoral.dev/v1alpha1\",\"kind\":\"ModelDeployment\","
                                            + "\"metadata\":{\"name\":\"tiny\",\"namespace\":\"edge\",\"uid\":\"u1\"}}"
                                    : "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":404}")
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(known ? 200 : 404, reply.length);
            exchange.getResponseBody().write(reply);
            exchange.close();
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withAutoConfigure(false)
                        .build())
                .build();
    }

    @AfterEach
    void close() {
        client.close();
        server.stop(0);
    }

    @Test
    void aWarningNamesTheDeploymentTheReasonAndTheTime() throws IOException {
        new DeploymentEvents(client, CLOCK)
                .warn("edge/tiny", DeploymentEvents.Reason.AnswerLengthsDrifted, "the answers have grown");

        await().until(() -> !written.isEmpty());
        JsonNode event = new ObjectMapper().readTree(written.getFirst());
        assertThat(event.path("type").asText()).isEqualTo("Warning");
        assertThat(event.path("reason").asText()).isEqualTo("AnswerLengthsDrifted");
        assertThat(event.path("message").asText()).isEqualTo("the answers have grown");
        assertThat(event.path("involvedObject").path("kind").asText()).isEqualTo("ModelDeployment");
        assertThat(event.path("involvedObject").path("uid").asText()).isEqualTo("u1");
        assertThat(event.path("metadata").path("namespace").asText()).isEqualTo("edge");
        assertThat(event.path("lastTimestamp").asText()).isEqualTo("2026-11-21T05:00:00Z");
    }

    @Test
    void aDeploymentThatIsGoneIsNotWarnedOf() {
        new DeploymentEvents(client, CLOCK)
                .warn("edge/gone", DeploymentEvents.Reason.AnswerLengthsDrifted, "the answers have grown");
        await().until(() -> asked.stream().anyMatch(each -> each.endsWith("/modeldeployments/gone")));
        new DeploymentEvents(client, CLOCK)
                .warn("edge/tiny", DeploymentEvents.Reason.AnswerLengthsDrifted, "of the one that is there");

        await().until(() -> !written.isEmpty());
        assertThat(written).singleElement().asString().contains("of the one that is there");
    }
}
