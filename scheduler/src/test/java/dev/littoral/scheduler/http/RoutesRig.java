package dev.littoral.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.littoral.protocol.agent.v1.TokenChoice;
import dev.littoral.protocol.agent.v1.TokenLogprob;
import dev.littoral.scheduler.metrics.DropMeter;
import dev.littoral.scheduler.metrics.EndMeter;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.Rig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The routes on a port of loopback, with real parts behind them. */
abstract class RoutesRig {

    static final ObjectMapper JSON = new ObjectMapper();
    static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";

    final Vertx vertx = Vertx.vertx();
    final Rig rig = new Rig();
    final HttpClient client = HttpClient.newHttpClient();
    final List<FakeAgent> agents = rig.agents;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    int port;

    @BeforeEach
    void listen() {
        Router router = Router.router(vertx);
        new OpenAiRoutes(
                        rig.answering,
                        rig.directory,
                        new Settings(),
                        Rig.CLOCK,
                        Rig.STEADY,
                        new DropMeter(meters),
                        new EndMeter(meters),
                        rig.slots)
                .register(router);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        port = server.actualPort();
    }

    @AfterEach
    void close() {
        client.close();
        rig.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    static TokenChoice choice(String text, double logprob, boolean whole) {
        TokenLogprob.Builder token = TokenLogprob.newBuilder().setText(text).setLogprob(logprob);
        if (whole) {
            token.setUtf8(ByteString.copyFromUtf8(text));
        }
        return TokenChoice.newBuilder().setChosen(token).addLikeliest(token).build();
    }

    FakeAgent deploy(FakeAgent.Script script) {
        return deploy(1, script);
    }

    FakeAgent deploy(int slots, FakeAgent.Script script) {
        return rig.deploy(slots, script);
    }

    Socket send(String body) throws IOException {
        return send(body, "");
    }

    /** Sends a request; each of the headers ends with a line's end. */
    Socket send(String body, String headers) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        OutputStream out = socket.getOutputStream();
        out.write(("POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\n" + headers + "Content-Length: " + body.length()
                        + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
        return socket;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body, Object... headers) throws IOException, InterruptedException {
        return client.send(request(path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<?> later(String content, String priority) {
        String body = CHAT.formatted("").replace("\"hi\"", "\"" + content + "\"");
        HttpRequest request = request("/v1/chat/completions", body, "x-littoral-priority", priority);
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest request(String path, String body, Object... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body));
        for (int each = 0; each < headers.length; each += 2) {
            request.header(headers[each].toString(), headers[each + 1].toString());
        }
        return request.build();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    static List<String> events(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList();
    }

    static void assertError(HttpResponse<String> response, int status, String code) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(response.body()).path("error");
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(error.path("type").asText()).isNotBlank();
        assertThat(error.has("param")).isTrue();
    }

    record Settings() implements HttpSettings {

        @Override
        public int maxBodyBytes() {
            return 65_536;
        }

        @Override
        public long maxHeldBytes() {
            return 1 << 20;
        }

        @Override
        public Duration deadline() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(10);
        }

        @Override
        public Duration readerPatience() {
            return Duration.ofSeconds(20);
        }

        @Override
        public int rememberedKeys() {
            return 2;
        }

        @Override
        public long rememberedBytes() {
            return 20_000;
        }

        @Override
        public Duration rememberedFor() {
            return Duration.ofHours(1);
        }

        @Override
        public Optional<Path> portFile() {
            return Optional.empty();
        }
    }
}
