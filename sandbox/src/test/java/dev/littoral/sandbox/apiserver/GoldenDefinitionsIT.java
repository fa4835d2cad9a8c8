package dev.littoral.sandbox.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds Littoral's own definitions against their golden files: every valid one is taken, every invalid one refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenDefinitionsIT {

    private static final Path GOLDEN = Path.of("../crds/src/test/resources/golden");
    private static final Path DEFINITIONS = Path.of("../crds/src/main/resources/META-INF/littoral/crds");
    private static final String EXPECT = "# expect: ";

    private final HttpClient http = HttpClient.newHttpClient();
    private ApiServer server;

    @BeforeAll
    void start() throws IOException {
        server = ApiServer.start(0, ApiServer.definitions(DEFINITIONS));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aValidObjectIsTakenAndAnInvalidOneIsRefusedWithItsMessage(Path file) throws Exception {
        ObjectNode object = Trees.object(Files.readString(file));
        String plural = object.path("kind").asText().toLowerCase(java.util.Locale.ROOT) + "s";
        URI uri = URI.create(server.url() + "/apis/littoral.dev/v1alpha1/namespaces/default/" + plural
                + "?dryRun=All&fieldValidation=Strict");
        HttpResponse<byte[]> response = http.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(object)))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        JsonNode answer = Json.read(response.body());

        String first = Files.readAllLines(file).getFirst();
        if (file.getFileName().toString().startsWith("invalid-")) {
            assertThat(first).startsWith(EXPECT);
            assertThat(response.statusCode()).isBetween(400, 422);
            assertThat(answer.path("message").asText()).contains(first.substring(EXPECT.length()));
        } else {
            assertThat(response.statusCode()).as(answer.toString()).isEqualTo(201);
        }
    }
}
