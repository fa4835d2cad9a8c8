package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.protocol.agent.v1.AnswerFormat;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.ForwardRequest;
import dev.littoral.protocol.agent.v1.ForwardResponse;
import dev.littoral.protocol.agent.v1.Sampling;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Asks an agent that forwards to a scripted server; both ends are real sockets. */
class OpenAiAgentIT {

    @AutoClose
    private FakeServer server = FakeServer.start();

    OpenAiAgentIT() throws IOException {}

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

    @Test
    void whatCanNeverBeServedIsRefusedBeforeItIsSent() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            int before = server.asked();

            assertThat(Answer.reason(agent.refused(Answer.text("", 5).build()))).isEqualTo("RequestInvalid");
            assertThat(Answer.reason(
                            agent.refused(Answer.text("x", 5).setModel("other").build())))
                    .isEqualTo("ModelUnknown");
            assertThat(Answer.reason(agent.refused(Answer.text("x", -1).build())))
                    .isEqualTo("RequestInvalid");
            assertThat(Answer.reason(
                            agent.refused(Answer.text("x", OpenAiAgent.CONTEXT).build())))
                    .isEqualTo("ContextExceeded");
            // 256 tokens of at most 256 characters
            assertThat(Answer.reason(
                            agent.refused(Answer.text("x".repeat(65_537), 5).build())))
                    .isEqualTo("ContextExceeded");
            assertThat(server.asked()).isEqualTo(before);
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
}
