package dev.littoral.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.TokenChoice;
import dev.littoral.protocol.agent.v1.TokenLogprob;
import dev.littoral.scheduler.metrics.DropMeter;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.Rig;
import io.grpc.Status;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiRoutesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";

    private final Vertx vertx = Vertx.vertx();
    private final Rig rig = new Rig();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<FakeAgent> agents = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private int port;

    @BeforeEach
    void listen() {
        Router router = Router.router(vertx);
        new OpenAiRoutes(rig.answering, rig.directory, new Settings(), Rig.CLOCK, new DropMeter(meters))
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
        agents.forEach(FakeAgent::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aChatIsAnsweredInOnePiece() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(""));

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("today");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(9);
    }

    @Test
    void aChatIsStreamedWithItsUsageAndItsEnd() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        HttpResponse<String> response = post(
                "/v1/chat/completions", CHAT.formatted(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));

        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        List<String> events = events(response.body());
        assertThat(events).hasSize(6).last().isEqualTo("[DONE]");
        assertThat(JSON.readTree(events.get(0)).at("/choices/0/delta/role").asText())
                .isEqualTo("assistant");
        assertThat(JSON.readTree(events.get(1)).at("/choices/0/delta/content").asText())
                .isEqualTo("to");
        assertThat(JSON.readTree(events.get(2)).at("/choices/0/delta/content").asText())
                .isEqualTo("day");
        assertThat(JSON.readTree(events.get(3)).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        assertThat(JSON.readTree(events.get(4)).path("choices").isEmpty()).isTrue();
        assertThat(JSON.readTree(events.get(4)).at("/usage/completion_tokens").asInt())
                .isEqualTo(2);
    }

    @Test
    void theSameKeyTwiceIsAnsweredTheSameAndRunsOnce() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        HttpResponse<String> first = post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");
        HttpResponse<String> second = post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(agents.getFirst().requests()).hasSize(1);
    }

    @Test
    void aStreamThatIsAskedForAgainHasTheSameTextAndEnd() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"), "Idempotency-Key", "k1");
        HttpResponse<String> second =
                post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"), "Idempotency-Key", "k1");

        assertThat(JSON.readTree(events(second.body()).get(1))
                        .at("/choices/0/delta/content")
                        .asText())
                .isEqualTo("today");
        assertThat(events(second.body())).last().isEqualTo("[DONE]");
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefusedByName() throws Exception {
        deploy(FakeAgent.saying("x"));
        post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");

        HttpResponse<String> other =
                post("/v1/chat/completions", CHAT.formatted(",\"max_tokens\":3"), "Idempotency-Key", "k1");

        assertError(other, 422, "idempotency_key_reused");
    }

    @Test
    void whatWasNotAnsweredCanBeAskedForAgain() throws Exception {
        HttpResponse<String> early = post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");
        deploy(FakeAgent.saying("x"));

        HttpResponse<String> late = post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");

        assertThat(early.statusCode()).isEqualTo(404);
        assertThat(late.statusCode()).isEqualTo(200);
    }

    @Test
    void onlySoManyKeysAreRemembered() throws Exception {
        deploy(FakeAgent.saying("x"));
        for (String key : List.of("k1", "k2", "k3", "k1")) {
            post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", key);
        }

        // k1 was forgotten when k3 came
        assertThat(agents.getFirst().requests()).hasSize(4);
    }

    @Test
    void theTraceGoesOnToTheAgent() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        deploy(FakeAgent.saying("x"));

        post("/v1/chat/completions", CHAT.formatted(""), "traceparent", trace);

        assertThat(agents.getFirst().traces()).containsExactly(trace);
    }

    @Test
    void theTraceGoesOnWithEveryChoice() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        deploy(FakeAgent.saying("x"));

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(",\"n\":2"), "traceparent", trace);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(agents.getFirst().traces()).hasSizeGreaterThanOrEqualTo(2).containsOnly(trace);
    }

    @Test
    void tokensAreToldWithTheirProbabilitiesWholeAndInAStream() throws Exception {
        deploy((request, call) -> {
            assertThat(request.getSampling().getTopLogprobs()).isEqualTo(1);
            call.started(7);
            call.delta("é", choice("\uFFFD", -0.5, false), choice("\uFFFD", -0.25, false));
            call.delta("!", choice("!", -0.125, true));
            call.finished(FinishReason.STOP);
        });
        String wanted = ",\"logprobs\":true,\"top_logprobs\":1";

        JsonNode whole = JSON.readTree(
                post("/v1/chat/completions", CHAT.formatted(wanted)).body());
        List<String> events = events(post("/v1/chat/completions", CHAT.formatted(wanted + ",\"stream\":true"))
                .body());

        JsonNode content = whole.at("/choices/0/logprobs/content");
        assertThat(content).hasSize(3);
        assertThat(content.path(0).path("bytes").isNull()).isTrue();
        assertThat(content.path(2))
                .isEqualTo(JSON.readTree("{\"token\":\"!\",\"logprob\":-0.125,\"bytes\":[33],"
                        + "\"top_logprobs\":[{\"token\":\"!\",\"logprob\":-0.125,\"bytes\":[33]}]}"));
        assertThat(JSON.readTree(events.get(0)).at("/choices/0/logprobs").isNull())
                .isTrue();
        assertThat(JSON.readTree(events.get(1)).at("/choices/0/logprobs/content"))
                .hasSize(2);
        assertThat(JSON.readTree(events.get(2)).at("/choices/0/logprobs/content/0"))
                .isEqualTo(content.path(2));
    }

    private static TokenChoice choice(String text, double logprob, boolean whole) {
        TokenLogprob.Builder token = TokenLogprob.newBuilder().setText(text).setLogprob(logprob);
        if (whole) {
            token.setUtf8(ByteString.copyFromUtf8(text));
        }
        return TokenChoice.newBuilder().setChosen(token).addLikeliest(token).build();
    }

    @Test
    void aTextsTokensAreToldInTheOlderShape() throws Exception {
        deploy((request, call) -> {
            call.started(7);
            call.delta("ab", choice("ab", -1, true));
            call.delta("c", choice("c", -2, true));
            call.finished(FinishReason.STOP);
        });

        JsonNode logprobs = JSON.readTree(
                        post("/v1/completions", "{\"model\":\"tiny\",\"prompt\":\"x\",\"logprobs\":1}")
                                .body())
                .at("/choices/0/logprobs");

        assertThat(logprobs)
                .isEqualTo(JSON.readTree("{\"tokens\":[\"ab\",\"c\"],\"token_logprobs\":[-1.0,-2.0],\"top_logprobs\":"
                        + "[{\"ab\":-1.0},{\"c\":-2.0}],\"text_offset\":[0,2]}"));
    }

    @Test
    void severalChoicesComeWithSeedsOfTheirOwnAndThePromptCountedOnce() throws Exception {
        FakeAgent agent = deploy(3, (request, call) -> {
            call.started(7);
            call.delta("seed " + request.getSampling().getSeed());
            call.finished(FinishReason.STOP);
        });

        JsonNode answer = JSON.readTree(post("/v1/chat/completions", CHAT.formatted(",\"n\":3,\"seed\":5"))
                .body());

        assertThat(answer.path("choices")).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(answer.at("/choices/" + i + "/index").asInt()).isEqualTo(i);
            assertThat(answer.at("/choices/" + i + "/message/content").asText()).isEqualTo("seed " + (5 + i));
        }
        // 7 of the prompt and 1 of each choice
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(10);
        assertThat(agent.requests()).hasSize(3);
    }

    @Test
    void aStreamOfSeveralChoicesTellsThemApart() throws Exception {
        deploy(2, FakeAgent.saying("to", "day"));

        List<String> events = events(post("/v1/chat/completions", CHAT.formatted(",\"n\":2,\"stream\":true"))
                .body());

        StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};
        int[] ends = new int[2];
        for (String event : events.subList(0, events.size() - 1)) {
            JsonNode choice = JSON.readTree(event).at("/choices/0");
            int index = choice.path("index").asInt();
            texts[index].append(choice.at("/delta/content").asText());
            ends[index] += choice.path("finish_reason").isNull() ? 0 : 1;
        }
        assertThat(texts[0].toString()).isEqualTo("today");
        assertThat(texts[1].toString()).isEqualTo("today");
        assertThat(ends).containsExactly(1, 1);
    }

    @Test
    void aChoiceThatIsRefusedRefusesAll() throws Exception {
        deploy(2, (request, call) -> {
            if (request.getSampling().getSeed() == 6) {
                call.fail(Status.INVALID_ARGUMENT, "RequestInvalid");
            } else {
                FakeAgent.hanging("x").answer(request, call);
            }
        });

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(",\"n\":2,\"seed\":5"));

        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void aStreamHasNoUsageUnlessAskedFor() throws Exception {
        deploy(FakeAgent.saying("x"));

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"));

        assertThat(response.body()).doesNotContain("usage");
    }

    @Test
    void aTextIsCompletedAndSaysThatItsLimitEndedIt() throws Exception {
        deploy((request, call) -> {
            call.started(7);
            call.delta("x");
            call.finished(FinishReason.LENGTH);
        });

        HttpResponse<String> response =
                post("/v1/completions", "{\"model\":\"default/tiny\",\"prompt\":\"say\",\"max_tokens\":1}");

        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("x");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(agents.getFirst().requests().getFirst().getText()).isEqualTo("say");
    }

    @Test
    void modelsAreListed() throws Exception {
        rig.directory.put("default", "tiny");
        rig.directory.put("team", "big");

        JsonNode list = JSON.readTree(get("/v1/models").body());

        assertThat(list.at("/data/0/id").asText()).isEqualTo("tiny");
        assertThat(list.at("/data/1/id").asText()).isEqualTo("team/big");
        assertThat(get("/v1/models/team/big").statusCode()).isEqualTo(200);
        assertThat(get("/v1/models/big").statusCode()).isEqualTo(200);
        assertError(get("/v1/models/none"), 404, "model_not_found");
    }

    @Test
    void aModelThatIsNotThereIsNotFound() throws Exception {
        assertError(post("/v1/chat/completions", CHAT.formatted("")), 404, "model_not_found");
    }

    @Test
    void aWrongMethodIsNotAllowed() throws Exception {
        HttpResponse<String> response = get("/v1/chat/completions");

        assertError(response, 405, "method_not_allowed");
        assertThat(response.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void aWrongPathIsNotFound() throws Exception {
        assertError(get("/v1/embeddings"), 404, "not_found");
    }

    @Test
    void noBodyIsRefused() throws Exception {
        assertError(post("/v1/chat/completions", ""), 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"})
    void aLongPromptIsReadAsJsonWhateverToolsCallIt(String contentType) throws Exception {
        deploy(FakeAgent.saying("yes"));
        String prompt = "word ".repeat(10_000);

        HttpResponse<String> response = post(
                "/v1/chat/completions",
                CHAT.formatted("").replace("\"hi\"", "\"" + prompt + "\""),
                "Content-Type",
                contentType);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(agents.getFirst()
                        .requests()
                        .getFirst()
                        .getChat()
                        .getMessages(0)
                        .getContent())
                .isEqualTo(prompt);
    }

    @Test
    void invalidJsonIsRefused() throws Exception {
        assertError(post("/v1/chat/completions", "{\"model\":"), 400, "invalid_request");
    }

    @Test
    void absurdLimitsOfTokensAreRefused() throws Exception {
        deploy(FakeAgent.saying("x"));

        assertError(post("/v1/chat/completions", CHAT.formatted(",\"max_tokens\":-1")), 400, "invalid_request");
        assertError(post("/v1/chat/completions", CHAT.formatted(",\"max_tokens\":1000000000")), 400, "invalid_request");
    }

    @Test
    void aPromptLongerThanTheContextIsRefusedWithBothLengths() throws Exception {
        deploy((request, call) -> call.fail(
                Status.INVALID_ARGUMENT.withDescription("the prompt has 600 tokens, the context 512"),
                "ContextExceeded"));

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"));

        assertError(response, 400, "context_length_exceeded");
        assertThat(response.body()).contains("600", "512");
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        assertError(
                post("/v1/chat/completions", CHAT.formatted(",\"user\":\"" + "x".repeat(70_000) + "\"")),
                413,
                "body_too_large");
    }

    @Test
    void withoutAReplicaTheClientIsToldWhenToAskAgain() throws Exception {
        rig.directory.put("default", "tiny");

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(""));

        assertError(response, 503, "no_capacity");
        assertThat(response.headers().firstValue("Retry-After")).contains("5");
    }

    @Test
    void aDeadlineInTheHeadersBoundsTheAnswer() throws Exception {
        deploy(FakeAgent.hanging());
        Instant soon = Instant.now().plusMillis(300);

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(""), "x-littoral-deadline", soon);

        assertError(response, 504, "deadline_exceeded");
        assertThat(response.headers().firstValue("x-littoral-request-dropped-reason"))
                .contains("rejected-ttl-expired");
        assertThat(agents.getFirst().requests().getFirst().getDeadlineEpochMillis())
                .isEqualTo(soon.toEpochMilli());
    }

    @Test
    void aDeadlineInThePastNeverReachesAnAgent() throws Exception {
        deploy(FakeAgent.saying("x"));

        HttpResponse<String> response =
                post("/v1/chat/completions", CHAT.formatted(""), "x-littoral-deadline", "2020-01-01T00:00:00Z");

        assertError(response, 504, "deadline_exceeded");
        assertThat(agents.getFirst().requests()).isEmpty();
    }

    @Test
    void aPriorityInTheHeadersGoesFirst() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        deploy((request, call) -> {
            call.started(7);
            go.await();
            call.finished(FinishReason.STOP);
        });
        CompletableFuture<?> running = later("first", "0");
        await().until(() -> agents.getFirst().running() == 1);
        CompletableFuture<?> low = later("low", "-1");
        await().until(() -> rig.slots.waiting() == 1);
        CompletableFuture<?> high = later("high", "7");
        await().until(() -> rig.slots.waiting() == 2);

        go.countDown();

        CompletableFuture.allOf(running, low, high).join();
        assertThat(agents.getFirst().requests())
                .extracting(each -> each.getChat().getMessages(0).getContent())
                .containsExactly("first", "high", "low");
    }

    @ParameterizedTest
    @CsvSource({
        "x-littoral-deadline, soon",
        "x-littoral-deadline, 1700000000",
        "x-littoral-priority, high",
        "x-littoral-priority, 3000000000"
    })
    void aHeaderThatCannotBeReadIsRefusedByName(String header, String value) throws Exception {
        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(""), header, value);

        assertError(response, 400, "invalid_request");
        assertThat(response.body()).contains(header);
    }

    @Test
    void anAgentThatDiesInAStreamLeavesAnErrorAndAnEnd() throws Exception {
        deploy((request, call) -> {
            call.started(7);
            call.delta("x");
            call.fail(Status.UNAVAILABLE, "NextStageLost");
        });

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"));

        List<String> events = events(response.body());
        assertThat(events).last().isEqualTo("[DONE]");
        assertThat(JSON.readTree(events.get(events.size() - 2))
                        .at("/error/code")
                        .asText())
                .isEqualTo("agent_lost");
    }

    @Test
    void aClientThatHangsUpEndsTheCallToTheAgent() throws Exception {
        deploy(FakeAgent.hanging("x"));
        FakeAgent agent = agents.getFirst();
        try (Socket socket = send(CHAT.formatted(",\"stream\":true"))) {
            await().until(() -> agent.running() == 1);
            assertThat(socket.getInputStream().read()).isPositive();
        }

        await().atMost(Duration.ofSeconds(2)).until(() -> agent.cancelled() == 1 && agent.running() == 0);
    }

    @Test
    void aClientThatHangsUpBeforeItsAnswerEndsTheCall() throws Exception {
        deploy(FakeAgent.hanging());
        FakeAgent agent = agents.getFirst();
        try (Socket socket = send(CHAT.formatted(""))) {
            await().until(() -> agent.running() == 1);
            assertThat(socket.isConnected()).isTrue();
        }

        await().atMost(Duration.ofSeconds(2)).until(() -> agent.cancelled() == 1 && agent.running() == 0);
    }

    @Test
    void aReaderThatTakesNothingHoldsTheAgentBack() throws Exception {
        AtomicInteger said = new AtomicInteger();
        int pieces = 2000;
        deploy((request, call) -> {
            call.started(7);
            String piece = "y".repeat(16_384);
            // like a real agent, this one speaks only while the reader's side has room
            for (int each = 0; each < pieces; each++) {
                while (!call.ready()) {
                    Thread.sleep(1);
                }
                call.delta(piece);
                said.incrementAndGet();
            }
            call.finished(FinishReason.STOP);
        });

        try (Socket socket = send(CHAT.formatted(",\"stream\":true"))) {
            AtomicInteger before = new AtomicInteger(-1);
            await().pollInterval(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> said.get() > 0 && before.getAndSet(said.get()) == said.get());

            // what lies in sockets and windows is a few megabytes of the 32
            assertThat(said.get()).isLessThan(pieces);
            assertThat(socket.isConnected()).isTrue();
        }
    }

    private FakeAgent deploy(FakeAgent.Script script) {
        return deploy(1, script);
    }

    private FakeAgent deploy(int slots, FakeAgent.Script script) {
        FakeAgent agent = new FakeAgent("a", slots, script);
        agents.add(agent);
        rig.deploy(agent);
        return agent;
    }

    private Socket send(String body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        OutputStream out = socket.getOutputStream();
        out.write(("POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
        return socket;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, Object... headers)
            throws IOException, InterruptedException {
        return client.send(request(path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<?> later(String content, String priority) {
        String body = CHAT.formatted("").replace("\"hi\"", "\"" + content + "\"");
        HttpRequest request = request("/v1/chat/completions", body, "x-littoral-priority", priority);
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String body, Object... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body));
        for (int each = 0; each < headers.length; each += 2) {
            request.header(headers[each].toString(), headers[each + 1].toString());
        }
        return request.build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static List<String> events(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList();
    }

    private static void assertError(HttpResponse<String> response, int status, String code) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(response.body()).path("error");
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(error.path("type").asText()).isNotBlank();
        assertThat(error.has("param")).isTrue();
    }

    private record Settings() implements HttpSettings {

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
        public long rememberedCharacters() {
            return 1000;
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
