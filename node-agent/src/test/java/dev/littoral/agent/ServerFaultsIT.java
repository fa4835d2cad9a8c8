package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.agent.serve.Refusal;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks an agent whose server answers wrongly, or not at all. */
class ServerFaultsIT {

    private static final Duration SHORT = Duration.ofMillis(300);

    @AutoClose
    private FakeServer server = FakeServer.start();

    ServerFaultsIT() throws IOException {}

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

            var refused = agent.refused(Answer.text("x", 5).build());

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

            var refused = agent.refused(Answer.text("x", 5).build());

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

            var refused = agent.refused(Answer.text("x", 5).build());

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(Answer.reason(refused)).isEqualTo(pathology.reason);
            assertThat(agent.runtime().state().freeSlots()).isEqualTo(OpenAiAgent.SLOTS);
        }
    }

    @Test
    void aServerThatDoesNotStreamIsSaidToLie() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.script(exchange -> exchange.whole(200, "{\"choices\":[{\"text\":\"all at once\"}]}"));

            var refused = agent.refused(Answer.text("x", 5).build());

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

            var refused = agent.refused(Answer.text("x", 5).build());

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(Answer.reason(refused)).isEqualTo("ServerSilent");
            assertThat(agent.runtime().state().freeSlots()).isEqualTo(OpenAiAgent.SLOTS);
        }
    }
}
