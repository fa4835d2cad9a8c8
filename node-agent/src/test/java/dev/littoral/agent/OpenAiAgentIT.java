package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.agent.serve.Refusal;
import dev.littoral.protocol.agent.v1.AnswerFormat;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.ForwardRequest;
import dev.littoral.protocol.agent.v1.ForwardResponse;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.LoadProgress;
import dev.littoral.protocol.agent.v1.LoadRequest;
import dev.littoral.protocol.agent.v1.Phase;
import dev.littoral.protocol.agent.v1.Sampling;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks an agent that forwards to a scripted server; both ends are real sockets. */
class OpenAiAgentIT {

    private static final Duration SHORT = Duration.ofMillis(300);

    private FakeServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeServer.start();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Test
    void aChatIsForwardedAndStreamsBackWithTheServersCounts() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.script(exchange -> {
                exchange.begin();
                exchange.event("{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}");
                exchange.say("Hel");
                exchange.say("lo");
                exchange.finish("stop");
                exchange.usage(11, 3);
                exchange.done();
            });

            Answer answer = Answer.to(agent.blocking(), Answer.chat("Who?", 9).build());

            assertThat(answer.text()).isEqualTo("Hello");
            assertThat(answer.started()).isZero();
            assertThat(answer.finished().getReason()).isEqualTo(FinishReason.STOP);
            assertThat(answer.finished().getPromptTokens()).isEqualTo(11);
            assertThat(answer.finished().getCompletionTokens()).isEqualTo(3);
            assertThat(answer.finished().getEstimated()).isFalse();
            assertThat(server.last().path()).isEqualTo("/v1/chat/completions");
            assertThat(server.last().header("authorization")).isEqualTo("Bearer secret");
            JsonNode sent = server.last().json();
            assertThat(sent.path("messages").toString()).isEqualTo("[{\"role\":\"user\",\"content\":\"Who?\"}]");
            assertThat(sent.path("max_tokens").asInt()).isEqualTo(9);
            assertThat(sent.path("repeat_penalty").asInt()).isEqualTo(1);
            assertThat(sent.path("min_p").asInt(-1)).isZero();
            assertThat(sent.path("stream_options").path("include_usage").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void textIsCompletedAndEverySamplingFieldGoesAlong() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            var sampling = Sampling.newBuilder()
                    .setTemperature(0.5)
                    .setTopP(0.75)
                    .setTopK(9)
                    .setMinP(0.125)
                    .setRepetitionPenalty(1.25)
                    .setPresencePenalty(0.5)
                    .setFrequencyPenalty(-0.5)
                    .putLogitBias(7, -100)
                    .setFormat(AnswerFormat.JSON_OBJECT)
                    .setSeed(-1)
                    .addStop("\n")
                    .addStop("END");

            Answer answer = Answer.to(
                    agent.blocking(),
                    Answer.text("Once", 0).setSampling(sampling).build());

            JsonNode sent = server.last().json();
            assertThat(answer.text()).isEqualTo("t0 t1 t2 ");
            assertThat(server.last().path()).isEqualTo("/v1/completions");
            assertThat(sent.path("model").asText()).isEqualTo(FakeServer.MODEL);
            assertThat(sent.path("prompt").asText()).isEqualTo("Once");
            assertThat(sent.has("max_tokens") && sent.path("max_tokens").isNull())
                    .isTrue();
            assertThat(sent.path("temperature").asDouble()).isEqualTo(0.5);
            assertThat(sent.path("top_p").asDouble()).isEqualTo(0.75);
            assertThat(sent.path("top_k").asInt()).isEqualTo(9);
            assertThat(sent.path("min_p").asDouble()).isEqualTo(0.125);
            assertThat(sent.path("repeat_penalty").asDouble()).isEqualTo(1.25);
            assertThat(sent.path("repetition_penalty").asDouble()).isEqualTo(1.25);
            assertThat(sent.path("presence_penalty").asDouble()).isEqualTo(0.5);
            assertThat(sent.path("frequency_penalty").asDouble()).isEqualTo(-0.5);
            assertThat(sent.path("logit_bias").toString()).isEqualTo("{\"7\":-100.0}");
            assertThat(sent.path("response_format").toString()).isEqualTo("{\"type\":\"json_object\"}");
            assertThat(sent.path("seed").asLong()).isBetween(0L, (long) Integer.MAX_VALUE);
            assertThat(sent.path("stop").toString()).isEqualTo("[\"\\n\",\"END\"]");
        }
    }

    @Test
    void charactersStayWholeWhateverTheirBytesComeIn() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.script(exchange -> {
                exchange.begin();
                byte[] event = "data: {\"choices\":[{\"text\":\"né 😀\"}]}\r\n\r\n".getBytes(StandardCharsets.UTF_8);
                for (byte one : event) {
                    exchange.chunk(new byte[] {one});
                }
                // one character in two events, then half a one
                exchange.event("{\"choices\":[{\"text\":\"\\ud83d\"}]}");
                exchange.event("{\"choices\":[{\"text\":\"\\ude00.\\ud83d\"}]}");
                exchange.finish("stop");
                exchange.done();
            });

            Answer answer = Answer.to(agent.blocking(), Answer.text("x", 20).build());

            assertThat(answer.text()).isEqualTo("né 😀😀.\uFFFD");
        }
    }

    @Test
    void aServerThatTellsNoCountsOrImpossibleOnesIsSaidToBeEstimated() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            for (String usage : new String[] {
                "",
                "{\"prompt_tokens\":-1,\"completion_tokens\":2}",
                "{\"prompt_tokens\":1,\"completion_tokens\":99}",
                "{\"prompt_tokens\":1.5,\"completion_tokens\":2}",
                "{\"prompt_tokens\":1e99,\"completion_tokens\":2}"
            }) {
                server.script(exchange -> {
                    exchange.begin();
                    exchange.say("a");
                    exchange.say("b");
                    exchange.finish("stop");
                    if (!usage.isEmpty()) {
                        exchange.event("{\"choices\":[],\"usage\":" + usage + "}");
                    }
                    exchange.done();
                });

                Answer answer = Answer.to(agent.blocking(), Answer.text("x", 20).build());

                assertThat(answer.finished().getEstimated()).isTrue();
                assertThat(answer.finished().getPromptTokens()).isZero();
                assertThat(answer.finished().getCompletionTokens()).isEqualTo(2);
            }
        }
    }

    @Test
    void aStopStringThatTheServerPassesOverEndsTheAnswerAndTheConnection() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.script(exchange -> {
                exchange.begin();
                exchange.say("one E");
                exchange.say("ND two");
                exchange.untilHungUp();
            });
            var sampling = Sampling.newBuilder().setMaxTokens(50).addStop("END");

            Answer answer = Answer.to(
                    agent.blocking(), Answer.text("x", 50).setSampling(sampling).build());

            assertThat(answer.text()).isEqualTo("one ");
            assertThat(answer.finished().getReason()).isEqualTo(FinishReason.STOP);
            await().until(() -> server.last().hungUp());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | {"error":{"message":"top_p is bad"}}                                    | INVALID_ARGUMENT    | RequestInvalid     | top_p is bad
            400 | {"error":{"message":"long","code":"context_length_exceeded"}}           | INVALID_ARGUMENT    | ContextExceeded    | long
            400 | {"error":{"message":"long","type":"exceed_context_size_error"}}         | INVALID_ARGUMENT    | ContextExceeded    | long
            422 | {"detail":[{"msg":"field required"}]}                                   | INVALID_ARGUMENT    | RequestInvalid     | field required
            401 | {"error":{"message":"Invalid API key"}}                                 | FAILED_PRECONDITION | ServerKeyRefused   | LITTORAL_OPENAI_API_KEY
            403 | forbidden                                                               | FAILED_PRECONDITION | ServerKeyRefused   | forbidden
            404 | {"object":"error","message":"The model does not exist.","code":404}     | NOT_FOUND           | ServerModelMissing | does not exist
            429 | {"error":{"message":"slow down"}}                                       | RESOURCE_EXHAUSTED  | ServerBusy         | slow down
            503 | {"error":"server busy, please try again"}                               | UNAVAILABLE         | ServerBusy         | server busy
            500 | <html>                                                                  | UNAVAILABLE         | ServerFailed       | 500
            502 | {}                                                                      | UNAVAILABLE         | ServerFailed       | 502
            301 | {}                                                                      | UNAVAILABLE         | ServerFailed       | 301
            """)
    void anErrorOfTheServerIsOneOfOurs(int status, String body, Status.Code code, String reason, String words)
            throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.script(exchange -> exchange.whole(status, body, "Retry-After: 7\r\n"));

            var refused = refused(agent, Answer.text("x", 5).build());

            assertThat(refused.getStatus().getCode()).isEqualTo(code);
            assertThat(Answer.reason(refused)).isEqualTo(reason);
            assertThat(refused.getStatus().getDescription()).contains(words);
            if (status == 429 || status == 503) {
                assertThat(Objects.requireNonNull(refused.getTrailers()).get(Refusal.RETRY_AFTER_SECONDS))
                        .isEqualTo("7");
            }
            assertThat(agent.runtime().state().freeSlots()).isEqualTo(OpenAiAgent.SLOTS);
        }
    }

    @Test
    void anErrorWithinTheStreamIsOneOfOursToo() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.script(exchange -> {
                exchange.begin();
                exchange.event("{\"object\":\"error\",\"message\":\"too long\",\"code\":400}");
                exchange.done();
            });

            var refused = refused(agent, Answer.text("x", 5).build());

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(refused.getStatus().getDescription()).contains("too long");
        }
    }

    /** Names what the server does after a good beginning. */
    enum Pathology {
        BROKEN_CHUNK("ServerFailed"),
        END_WITHOUT_REASON("ServerFailed"),
        DONE_WITHOUT_REASON("ServerFailed"),
        UNKNOWN_REASON("ServerFailed"),
        NO_JSON("ServerLied"),
        NO_OBJECT("ServerLied"),
        NO_CHOICES("ServerLied"),
        TWO_CHOICES("ServerLied"),
        TEXT_IS_A_NUMBER("ServerLied"),
        DEEP_JSON("ServerLied"),
        NOT_UTF8("ServerLied"),
        ENDLESS_LINE("ServerLied"),
        ENDLESS_EVENTS("ServerLied"),
        ENDLESS_TEXT("ServerLied"),
        NOT_CHUNKED("ServerFailed");

        private final String reason;

        Pathology(String reason) {
            this.reason = reason;
        }

        private void play(FakeServer.Exchange exchange) throws IOException {
            switch (this) {
                case BROKEN_CHUNK -> {
                    exchange.raw("ff\r\ndata: {");
                    exchange.breakOff();
                }
                case END_WITHOUT_REASON -> exchange.raw("0\r\n\r\n");
                case DONE_WITHOUT_REASON -> exchange.done();
                case UNKNOWN_REASON -> exchange.finish("abort");
                case NO_JSON -> exchange.event("hello");
                case NO_OBJECT -> exchange.event("[1]");
                case NO_CHOICES -> exchange.event("{\"id\":\"x\"}");
                case TWO_CHOICES -> exchange.event("{\"choices\":[{\"text\":\"a\"},{\"text\":\"b\"}]}");
                case TEXT_IS_A_NUMBER -> exchange.event("{\"choices\":[{\"text\":7}]}");
                case DEEP_JSON -> exchange.event("{\"choices\":" + "[".repeat(5000) + "]".repeat(5000) + "}");
                case NOT_UTF8 -> exchange.chunk(new byte[] {'d', 'a', 't', 'a', ':', (byte) 0xff, '\n', '\n'});
                case ENDLESS_LINE -> {
                    while (true) {
                        exchange.chunk(": and so on".repeat(500).getBytes(StandardCharsets.UTF_8));
                    }
                }
                case ENDLESS_EVENTS -> {
                    while (true) {
                        exchange.event("{\"choices\":[{\"text\":\"\"}]}");
                    }
                }
                case ENDLESS_TEXT -> {
                    while (true) {
                        exchange.say("x".repeat(1000));
                    }
                }
                case NOT_CHUNKED -> exchange.raw("zz\r\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBadStreamEndsInOneErrorAndFreesTheSlot(Pathology pathology) throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.script(exchange -> {
                exchange.begin();
                exchange.say("good so far");
                pathology.play(exchange);
            });

            var refused = refused(agent, Answer.text("x", 5).build());

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(Answer.reason(refused)).isEqualTo(pathology.reason);
            assertThat(agent.runtime().state().freeSlots()).isEqualTo(OpenAiAgent.SLOTS);
        }
    }

    @Test
    void aServerThatDoesNotStreamIsSaidToLie() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.script(exchange -> exchange.whole(200, "{\"choices\":[{\"text\":\"all at once\"}]}"));

            var refused = refused(agent, Answer.text("x", 5).build());

            assertThat(Answer.reason(refused)).isEqualTo("ServerLied");
            assertThat(refused.getStatus().getDescription()).contains("application/json");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aServerThatFallsSilentIsGivenUp(int when) throws IOException {
        try (var agent = OpenAiAgent.ready(server, SHORT)) {
            server.script(exchange -> {
                if (when >= 1) {
                    exchange.begin();
                }
                if (when >= 2) {
                    exchange.say("a");
                }
                while (when == 3) {
                    exchange.chunk(": still here\n\n".getBytes(StandardCharsets.UTF_8)); // no sign of an answer
                    Gate.pause(20);
                }
                exchange.untilHungUp();
            });

            var refused = refused(agent, Answer.text("x", 5).build());

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(Answer.reason(refused)).isEqualTo("ServerSilent");
            assertThat(agent.runtime().state().freeSlots()).isEqualTo(OpenAiAgent.SLOTS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCancelledCallFreesItsSlotWithin100MillisAndHangsUp(boolean begun) throws Exception {
        try (var agent = OpenAiAgent.ready(server)) {
            server.script(exchange -> {
                if (begun) {
                    exchange.begin();
                    exchange.say("a");
                }
                exchange.untilHungUp();
            });
            int before = server.asked();
            var firstEvents = new CountDownLatch(begun ? 2 : 0);
            Context.CancellableContext context = Context.current().withCancellation();
            context.run(() -> agent.stub().generate(Answer.text("x", 5).build(), new StreamObserver<>() {
                @Override
                public void onNext(GenerateEvent event) {
                    firstEvents.countDown();
                }

                @Override
                public void onError(Throwable cause) {}

                @Override
                public void onCompleted() {}
            }));
            await().until(() -> server.asked() > before);
            firstEvents.await();
            assertThat(agent.runtime().state().freeSlots()).isEqualTo(OpenAiAgent.SLOTS - 1);

            context.cancel(null);

            await().pollInterval(Duration.ofMillis(1))
                    .atMost(Duration.ofMillis(100))
                    .until(() -> agent.runtime().state().freeSlots() == OpenAiAgent.SLOTS);
            await().until(() -> server.last().hungUp());
        }
    }

    @Test
    void aDeadlineBeforeTheFirstTokenIsAnErrorAndLaterTheAnswersEnd() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.script(FakeServer.Exchange::untilHungUp);
            int before = server.asked();
            var refused = refused(
                    agent,
                    Answer.text("x", 5)
                            .setDeadlineEpochMillis(Instant.now().plusSeconds(2).toEpochMilli())
                            .build());

            assertThat(server.asked()).isEqualTo(before + 1);
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            await().until(() -> server.last().hungUp());

            server.script(exchange -> {
                exchange.begin();
                exchange.say("a");
                exchange.say("b");
                exchange.untilHungUp();
            });
            Answer cut = Answer.to(
                    agent.blocking(),
                    Answer.text("x", 5)
                            .setDeadlineEpochMillis(Instant.now().plusSeconds(2).toEpochMilli())
                            .build());

            assertThat(cut.finished().getReason()).isEqualTo(FinishReason.DEADLINE);
            assertThat(cut.text()).isEqualTo("ab");
            assertThat(cut.finished().getCompletionTokens()).isEqualTo(2);
            assertThat(cut.finished().getEstimated()).isTrue();
        }
    }

    @Test
    void withoutAFreeSlotARequestIsRefusedAndNotSent() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            var gate = new CountDownLatch(1);
            server.script(exchange -> {
                awaitQuietly(gate);
                exchange.begin();
                exchange.finish("stop");
                exchange.done();
            });
            int before = server.asked();
            GenerateRequest request = Answer.text("x", 5).build();
            var first = CompletableFuture.supplyAsync(() -> Answer.to(agent.blocking(), request));
            var second = CompletableFuture.supplyAsync(() -> Answer.to(agent.blocking(), request));
            await().until(() -> server.asked() == before + 2);

            var refused = refused(agent, request);

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(Answer.reason(refused)).isEqualTo("NoFreeSlot");
            assertThat(server.asked()).isEqualTo(before + 2);
            assertThat(agent.runtime().telemetry().freeSlots()).isZero();
            assertThat(agent.runtime().telemetry().runningSequences()).isEqualTo(2);
            gate.countDown();
            assertThat(first.join().finished().getReason()).isEqualTo(FinishReason.STOP);
            assertThat(second.join().finished().getReason()).isEqualTo(FinishReason.STOP);
        }
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anAgentIsReadyWhenItsServerIsAndNoLonger() throws IOException {
        int port = server.port();
        server.close();
        try (var agent = OpenAiAgent.start(port, FakeServer.MODEL, OpenAiAgent.SLOTS, Duration.ofSeconds(60))) {
            agent.awaitUnready("failed");
            assertThat(agent.describe().getPhase()).isEqualTo(Phase.LOADING);
            assertThat(Answer.reason(refused(agent, Answer.text("x", 5).build())))
                    .isEqualTo("ServerAway");

            server = FakeServer.start(port);
            server.model("another");
            agent.awaitUnready("has no model 'fake-model' but [");
            server.modelsStatus(401);
            agent.awaitUnready("LITTORAL_OPENAI_API_KEY");
            server.modelsStatus(200);
            server.model(FakeServer.MODEL);
            agent.awaitReady();
            AgentDescription ready = agent.describe();
            assertThat(ready.getPhase()).isEqualTo(Phase.LOADED);
            assertThat(ready.getFreeSlots()).isEqualTo(OpenAiAgent.SLOTS);
            assertThat(ready.getStage().getContextTokens()).isEqualTo(OpenAiAgent.CONTEXT);
            assertThat(ready.getRates().getPrefillTokensPerSecond()).isPositive();
            assertThat(ready.getRates().getDecodeTokensPerSecond()).isPositive();

            server.health(503);
            agent.awaitUnready("503");
            server.health(200);
            agent.awaitReady();

            server.close();
            agent.awaitUnready("failed");
            server = FakeServer.start(port);
            agent.awaitReady();
            assertThat(Answer.to(agent.blocking(), Answer.text("x", 2).build()).text())
                    .isEqualTo("t0 t1 ");
        }
    }

    @Test
    void aModelThatIsGoneMakesTheAgentUnready() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.model("another");
            server.script(exchange -> exchange.whole(404, "{\"error\":{\"message\":\"model not found\"}}"));

            assertThat(Answer.reason(refused(agent, Answer.text("x", 5).build())))
                    .isEqualTo("ServerModelMissing");

            agent.awaitUnready("has no model 'fake-model'");
        }
    }

    @Test
    void aServerThatTakesChatsOnlyIsMeasuredByAChat() throws IOException {
        server.script(exchange -> {
            if (exchange.path().equals("/v1/completions")) {
                exchange.whole(404, "{\"detail\":\"Not Found\"}");
            } else {
                exchange.begin();
                exchange.say("a");
                exchange.finish("stop");
                exchange.done();
            }
        });
        try (var agent = OpenAiAgent.ready(server)) {
            assertThat(Answer.to(agent.blocking(), Answer.chat("x", 2).build()).text())
                    .isEqualTo("a");
            // one token and no counts tell of no rate
            assertThat(agent.describe().getRates().getPrefillTokensPerSecond()).isZero();
            assertThat(agent.describe().getRates().getDecodeTokensPerSecond()).isZero();
        }
    }

    @Test
    void whatCanNeverBeServedIsRefusedBeforeItIsSent() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            int before = server.asked();

            assertThat(Answer.reason(refused(agent, Answer.text("", 5).build())))
                    .isEqualTo("RequestInvalid");
            assertThat(Answer.reason(
                            refused(agent, Answer.text("x", 5).setModel("other").build())))
                    .isEqualTo("ModelUnknown");
            assertThat(Answer.reason(refused(agent, Answer.text("x", -1).build())))
                    .isEqualTo("RequestInvalid");
            assertThat(Answer.reason(
                            refused(agent, Answer.text("x", OpenAiAgent.CONTEXT).build())))
                    .isEqualTo("ContextExceeded");
            // 256 tokens of at most 256 characters
            assertThat(Answer.reason(
                            refused(agent, Answer.text("x".repeat(65_537), 5).build())))
                    .isEqualTo("ContextExceeded");
            assertThat(server.asked()).isEqualTo(before);
        }
    }

    @Test
    void loadingIsFollowedUntilTheServerIsReady() throws IOException {
        try (var agent = OpenAiAgent.start(server.port(), FakeServer.MODEL, 1, Duration.ofSeconds(60))) {
            Iterator<LoadProgress> steps = agent.blocking().load(LoadRequest.getDefaultInstance());

            LoadProgress last = LoadProgress.getDefaultInstance();
            while (steps.hasNext()) {
                last = steps.next();
            }

            assertThat(last.getPhase()).isEqualTo(Phase.LOADED);
            assertThat(agent.runtime().state().ready()).isTrue();
        }
    }

    @Test
    void itRunsNoStageForOthers() throws Exception {
        try (var agent = OpenAiAgent.ready(server)) {
            var error = new CompletableFuture<Throwable>();
            StreamObserver<ForwardRequest> upstream = agent.stub().forward(new StreamObserver<>() {
                @Override
                public void onNext(ForwardResponse response) {}

                @Override
                public void onError(Throwable cause) {
                    error.complete(cause);
                }

                @Override
                public void onCompleted() {}
            });
            upstream.onNext(ForwardRequest.getDefaultInstance());

            assertThat(Status.fromThrowable(error.get()).getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        }
    }

    private static StatusRuntimeException refused(OpenAiAgent agent, GenerateRequest request) {
        var refused = catchThrowableOfType(StatusRuntimeException.class, () -> Answer.to(agent.blocking(), request));
        assertThat(refused).isNotNull();
        return refused;
    }
}
