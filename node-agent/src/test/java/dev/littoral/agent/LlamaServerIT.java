package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.agent.TestAgents.Shape;
import dev.littoral.agent.stage.Language;
import dev.littoral.engine.onnx.OnnxEngine;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Forwards to the real server of llama-cpp-python, in the Python that LITTORAL_LLAMA_PYTHON names. It answers with the
 * model that our own engine answers with, so the two must say the same.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LlamaServerIT {

    private static final Path NOT_RUN = Path.of("target/not-run.txt");
    private static final Path MODELS = Path.of("..", "models").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private Path python = Path.of("python");
    private Path model = Path.of("model");
    private int port;
    private LlamaServer server;

    @BeforeAll
    void startServer() throws Exception {
        Optional<String> named = Optional.ofNullable(System.getenv("LITTORAL_LLAMA_PYTHON"));
        if (named.isEmpty()) {
            String note = "NOT RUN: forwarding to llama-cpp-python's server: LITTORAL_LLAMA_PYTHON names no Python with"
                    + " the packages llama-cpp-python[server] and gguf";
            System.out.println(note);
            Files.createDirectories(NOT_RUN.toAbsolutePath().getParent());
            Files.writeString(NOT_RUN, note + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            Assumptions.abort(note);
        }
        python = Path.of(named.orElseThrow());
        model = LlamaServer.convert(python, folder);
        port = LlamaServer.freePort();
        server = serve();
    }

    private LlamaServer serve() throws IOException {
        return LlamaServer.start(python, model, port, folder.resolve("server.log"));
    }

    @AfterAll
    void stopServer() throws InterruptedException {
        if (server != null) {
            server.stop();
        }
    }

    /** One slot, since this server works on one request at a time and lets a second one interrupt the first. */
    private OpenAiAgent agent() throws IOException {
        OpenAiAgent agent = OpenAiAgent.start(port, LlamaServer.MODEL, 1, PATIENCE);
        agent.awaitReady();
        return agent;
    }

    private static List<GenerateRequest> questions(int count) throws IOException {
        var json = new ObjectMapper();
        List<GenerateRequest> questions = new ArrayList<>();
        for (String line : Files.readAllLines(MODELS.resolve("prompts.jsonl"))) {
            if (questions.size() < count) {
                questions.add(Answer.chat(json.readTree(line).get("prompt").asText(), 48)
                        .build());
            }
        }
        return questions;
    }

    @Test
    void itSaysWhatOurOwnEngineSaysWithTheSameModel() throws IOException {
        var whole = new Shape(MODELS.resolve("target"), OpenAiAgent.CONTEXT, 1, 32, Shape.LIMITS);
        try (var own = TestAgents.start(folder.resolve("own"), whole, new OnnxEngine(), Language::open, 0, 6);
                var forwarding = agent()) {
            for (GenerateRequest question : questions(10)) {
                Answer expected = Answer.to(own.blocking(0), question);

                Answer answer = Answer.to(forwarding.blocking(), question);

                assertThat(answer.text()).isEqualTo(expected.text());
                assertThat(answer.finished().getReason())
                        .isEqualTo(expected.finished().getReason());
                // this server streams no counts, but a piece for each token
                assertThat(answer.finished().getEstimated()).isTrue();
                assertThat(answer.finished().getCompletionTokens())
                        .isEqualTo(expected.finished().getCompletionTokens());
            }
        }
    }

    @Test
    void anAnswerEndsAtItsLimitWhileTheServerIsBeingWatched() throws IOException {
        try (var agent = agent()) {
            Answer answer = Answer.to(
                    agent.blocking(),
                    Answer.chat("What is 434 + 9? Work step by step.", 7).build());

            assertThat(answer.finished().getReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(answer.finished().getCompletionTokens()).isEqualTo(7);
            assertThat(agent.describe().getRates().getDecodeTokensPerSecond()).isPositive();
            assertThat(agent.describe().getRates().getPrefillTokensPerSecond()).isPositive();
        }
    }

    @Test
    void afterACancelledAnswerTheNextOneIsWhole() throws IOException {
        try (var agent = agent()) {
            GenerateRequest question = questions(1).getFirst();
            String whole = Answer.to(agent.blocking(), question).text();
            for (int i = 0; i < 3; i++) {
                Context.CancellableContext context = Context.current().withCancellation();
                context.run(() -> {
                    Iterator<GenerateEvent> events = agent.blocking().generate(question);
                    assertThat(events.next().hasStarted()).isTrue();
                    assertThat(events.next().hasDelta()).isTrue();
                });
                context.cancel(null);
                await().pollInterval(Duration.ofMillis(1))
                        .atMost(Duration.ofMillis(100))
                        .until(() -> agent.runtime().state().freeSlots() == 1);

                assertThat(Answer.to(agent.blocking(), question).text()).isEqualTo(whole);
            }
        }
    }

    @Test
    void aPromptThatTheServerCannotHoldEndsInAnErrorAndTheNextIsAnswered() throws IOException {
        try (var agent = agent()) {
            GenerateRequest tooLong = Answer.text("ship 889 ".repeat(300), 5).build();

            var refused =
                    catchThrowableOfType(StatusRuntimeException.class, () -> Answer.to(agent.blocking(), tooLong));

            assertThat(Answer.reason(refused)).isIn("ContextExceeded", "ServerFailed");
            agent.awaitReady();
            assertThat(Answer.to(agent.blocking(), questions(1).getFirst()).text())
                    .isNotBlank();
        }
    }

    @Test
    void theAgentFollowsTheServersComingAndGoing() throws Exception {
        try (var agent = agent()) {
            server.stop();
            agent.awaitUnready("failed");

            server = serve();
            agent.awaitReady();

            assertThat(Answer.to(agent.blocking(), questions(1).getFirst()).text())
                    .isNotBlank();
        }
    }
}
