package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Files of requests over a real broker, through a scheduler that is killed in between. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BatchIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LINE = "{\"custom_id\":\"c%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\","
            + "\"body\":{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}";
    private static final FakeAgent.Script TODAY = FakeAgent.saying("to", "day");

    private final FakeAgent agent = new FakeAgent("a", 8, TODAY);
    private final HttpClient http = HttpClient.newHttpClient();
    private RealParts parts;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        parts = new RealParts(
                folder, Map.of("LITTORAL_BATCH_FOLDER", folder.resolve("batch").toString()));
        parts.deploy(agent);
    }

    @AfterAll
    void stop() {
        parts.close();
        agent.close();
        http.close();
    }

    @Test
    @Order(1)
    void aBatchRunsToItsEndThoughItsSchedulerIsKilled() throws Exception {
        agent.script(FakeAgent.hanging("x"));
        String lines = IntStream.range(0, 40)
                .mapToObj(each -> LINE.formatted(each, each % 10 == 3 ? "none" : "tiny"))
                .collect(Collectors.joining("\n"));
        String input = upload(lines).path("id").asText();
        JsonNode begun = create(input, "/v1/chat/completions");
        assertThat(begun.path("status").asText()).isEqualTo("validating");
        String id = begun.path("id").asText();
        await().atMost(Duration.ofSeconds(60)).until(() -> agent.running() == 8);
        agent.script(TODAY);

        parts.replaceScheduler();
        JsonNode end = over(id);

        assertThat(end.path("status").asText()).isEqualTo("completed");
        assertThat(end.at("/request_counts/completed").asInt()).isEqualTo(36);
        assertThat(end.at("/request_counts/failed").asInt()).isEqualTo(4);
        List<JsonNode> output = content(end.path("output_file_id").asText());
        assertThat(output)
                .hasSize(36)
                .allSatisfy(each -> assertThat(each.at("/response/body/choices/0/message/content")
                                .asText())
                        .isEqualTo("today"));
        assertThat(output.getFirst().path("custom_id").asText()).isEqualTo("c0");
        assertThat(content(end.path("error_file_id").asText()))
                .extracting(
                        each -> each.path("custom_id").asText(),
                        each -> each.at("/response/status_code").asInt())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("c3", 404),
                        org.assertj.core.groups.Tuple.tuple("c13", 404),
                        org.assertj.core.groups.Tuple.tuple("c23", 404),
                        org.assertj.core.groups.Tuple.tuple("c33", 404));
        assertThat(get("/v1/batches").path("data")).hasSize(1);
    }

    @Test
    @Order(2)
    void aBatchThatIsCancelledKeepsWhatHadEnded() throws Exception {
        agent.script(FakeAgent.hanging("x"));
        String input = upload(LINE.formatted(0, "none") + "\n" + LINE.formatted(1, "tiny"))
                .path("id")
                .asText();
        String id = create(input, "/v1/chat/completions").path("id").asText();
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        get("/v1/batches/" + id).at("/request_counts/failed").asInt() == 1 && agent.running() == 1);

        assertThat(send("DELETE", "/v1/files/" + input, "application/json", "")
                        .at("/error/code")
                        .asText())
                .isEqualTo("file_in_use");
        send("POST", "/v1/batches/" + id + "/cancel", "application/json", "");
        JsonNode end = over(id);

        assertThat(end.path("status").asText()).isEqualTo("cancelled");
        assertThat(content(end.path("error_file_id").asText()))
                .extracting(each -> each.at("/error/code").asText())
                .containsExactly("", "batch_cancelled");
        await().atMost(Duration.ofSeconds(30)).until(() -> agent.running() == 0);
        assertThat(agent.requests()).extracting(GenerateRequest::getId).contains(id + "/1");
    }

    @Test
    @Order(3)
    void aFileThatCannotBeRunSaysWhichLineIsWrong() throws Exception {
        String input = upload(LINE.formatted(0, "tiny") + "\n{\n" + LINE.formatted(0, "tiny"))
                .path("id")
                .asText();

        JsonNode end = over(create(input, "/v1/completions").path("id").asText());

        assertThat(end.path("status").asText()).isEqualTo("failed");
        assertThat(end.at("/errors/data"))
                .extracting(each ->
                        each.path("line").asInt() + " " + each.path("code").asText())
                .containsExactly(
                        "1 mismatched_url", "2 invalid_json_line", "3 duplicate_custom_id", "3 mismatched_url");
    }

    @Test
    @Order(4)
    void whatIsNotThereAndWhatIsWrongIsNamed() throws Exception {
        assertThat(get("/v1/files/file-0").at("/error/code").asText()).isEqualTo("file_not_found");
        assertThat(get("/v1/files/..%2Fbatches").at("/error/code").asText()).isNotEmpty();
        assertThat(create("file-none", "/v1/chat/completions")
                        .at("/error/param")
                        .asText())
                .isEqualTo("input_file_id");
        String input = upload("{}").path("id").asText();
        assertThat(create(input, "/v1/embeddings").at("/error/param").asText()).isEqualTo("endpoint");
        assertThat(send("DELETE", "/v1/files/" + input, "application/json", "")
                        .path("deleted")
                        .asBoolean())
                .isTrue();
        assertThat(get("/v1/files/" + input).at("/error/code").asText()).isEqualTo("file_not_found");
    }

    private JsonNode over(String id) {
        return await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> get("/v1/batches/" + id),
                        each -> List.of("completed", "cancelled", "failed", "expired")
                                .contains(each.path("status").asText()));
    }

    private JsonNode create(String input, String endpoint) throws Exception {
        return send(
                "POST",
                "/v1/batches",
                "application/json",
                "{\"input_file_id\":\"" + input + "\",\"endpoint\":\"" + endpoint
                        + "\",\"completion_window\":\"24h\"}");
    }

    private JsonNode upload(String lines) throws Exception {
        String body = "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n" + lines + "\r\n--b--\r\n";
        return send("POST", "/v1/files", "multipart/form-data; boundary=b", body);
    }

    private List<JsonNode> content(String file) throws Exception {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(uri("/v1/files/" + file + "/content")).build(),
                HttpResponse.BodyHandlers.ofString());
        return response.body().lines().map(BatchIT::tree).toList();
    }

    private static JsonNode tree(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }

    private JsonNode get(String path) throws Exception {
        return send("GET", path, "application/json", "");
    }

    private JsonNode send(String method, String path, String type, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", type)
                .build();
        return JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private URI uri(String path) throws IOException {
        return URI.create("http://127.0.0.1:" + parts.httpPort() + path);
    }
}
