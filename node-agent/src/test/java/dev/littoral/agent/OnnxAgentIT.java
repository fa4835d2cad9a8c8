package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.littoral.agent.TestAgents.Shape;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.stage.Language;
import dev.littoral.engine.onnx.OnnxEngine;
import dev.littoral.protocol.agent.v1.Activations;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.OpenSequence;
import dev.littoral.protocol.agent.v1.Phase;
import dev.littoral.protocol.agent.v1.Sampling;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the repository's trained target through the real engine, whole and in pieces, over real gRPC. */
class OnnxAgentIT {

    private static final Path MODELS = Path.of("..", "models").toAbsolutePath().normalize();
    private static final AgentSettings.Limits LIMITS = new AgentSettings.Limits(
            16, Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(20), 4096);
    private static final int LONGEST_ANSWER = 48;

    @TempDir
    Path folder;

    private TestAgents agents(String name, int... borders) throws IOException {
        var shape = new Shape(MODELS.resolve("target"), 384, 4, 32, LIMITS);
        return TestAgents.start(folder.resolve(name), shape, new OnnxEngine(), Language::open, borders);
    }

    private static List<GenerateRequest> questions(int count) throws IOException {
        var json = new ObjectMapper();
        try (var lines = Files.lines(MODELS.resolve("prompts.jsonl"))) {
            return lines.limit(count)
                    .map(line -> {
                        try {
                            return json.readTree(line).get("prompt").asText();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .map(question -> Answer.chat(question, LONGEST_ANSWER).build())
                    .toList();
        }
    }

    @Test
    void twoStagesGiveTheVeryTokensOfOneOn100Prompts() throws IOException {
        List<GenerateRequest> questions = questions(100);
        assertThat(questions).hasSize(100);
        try (var one = agents("one", 0, 6);
                var two = agents("two", 0, 2, 6)) {
            var whole = one.blocking(0);
            var split = two.blocking(0);
            for (GenerateRequest question : questions) {
                assertThat(Answer.to(split, question)).isEqualTo(Answer.to(whole, question));
            }
        }
    }

    @Test
    void severalSessionsAtOnceGiveWhatEachGivesAlone() throws IOException {
        List<GenerateRequest> questions = questions(4);
        try (var agents = agents("many", 0, 3, 6)) {
            var agent = agents.blocking(0);
            List<Answer> alone = questions.stream()
                    .map(question -> Answer.to(agent, question))
                    .toList();

            List<Answer> together = Answer.together(agent, questions);

            assertThat(together).isEqualTo(alone);
            agents.awaitAllSlotsFree();
        }
    }

    @Test
    void theSameSeedGivesTheSameAnswerWholeAndSplit() throws IOException {
        var request = questions(1).getFirst().toBuilder()
                .setSampling(Sampling.newBuilder()
                        .setTemperature(1)
                        .setTopP(0.95)
                        .setSeed(7)
                        .setMaxTokens(LONGEST_ANSWER))
                .build();
        try (var one = agents("one", 0, 6);
                var two = agents("two", 0, 4, 6)) {
            assertThat(Answer.to(two.blocking(0), request)).isEqualTo(Answer.to(one.blocking(0), request));
        }
    }

    @Test
    void everyRuleOfSamplingAndEveryToldTokenIsTheSameWholeAndSplit() throws IOException {
        var request = questions(1).getFirst().toBuilder()
                .setSampling(Sampling.newBuilder()
                        .setTemperature(1.5)
                        .setMinP(0.01)
                        .setRepetitionPenalty(1.3)
                        .setPresencePenalty(0.5)
                        .setFrequencyPenalty(0.25)
                        .putLogitBias(5, -100)
                        .setLogprobs(true)
                        .setTopLogprobs(3)
                        .setSeed(11)
                        .setMaxTokens(LONGEST_ANSWER))
                .build();
        try (var one = agents("one", 0, 6);
                var two = agents("two", 0, 4, 6)) {
            Answer whole = Answer.to(one.blocking(0), request);
            assertThat(Answer.to(two.blocking(0), request)).isEqualTo(whole);
            assertThat(whole.tokens()).hasSize(whole.finished().getCompletionTokens());
            assertThat(whole.tokens()).allSatisfy(token -> {
                assertThat(token.getLikeliestCount()).isEqualTo(3);
                assertThat(token.getChosen().getLogprob()).isNegative();
            });
        }
    }

    @Test
    void aPromptAskedAgainRunsItsLastRowOnlyInEveryStage() throws IOException {
        GenerateRequest question =
                Answer.text("the cat sat on the mat and ".repeat(5), 8).build();
        try (var agents = agents("again", 0, 3, 6)) {
            Answer first = Answer.to(agents.blocking(0), question);
            List<Long> reused = List.of(reusedRows(agents, 0), reusedRows(agents, 1));
            Answer second = Answer.to(agents.blocking(0), question);

            assertThat(second).isEqualTo(first);
            long rows = first.started() - 1L;
            assertThat(reusedRows(agents, 0) - reused.get(0)).isEqualTo(rows);
            assertThat(reusedRows(agents, 1) - reused.get(1)).isEqualTo(rows);
        }
    }

    private static long reusedRows(TestAgents agents, int index) {
        return agents.agent(index).activity().reusedRows();
    }

    @Test
    void aReaderThatHangsUpFreesItsSlotInBothStagesWithin100Millis() throws IOException {
        try (var agents = agents("hang-up", 0, 3, 6)) {
            var hangUp = Context.current().withCancellation();
            hangUp.run(() -> {
                Iterator<GenerateEvent> events = agents.blocking(0)
                        .generate(Answer.text("Sing: ", 0)
                                .setSampling(Sampling.newBuilder().setTemperature(100))
                                .build());
                assertThat(events.next().hasStarted()).isTrue();
            });

            hangUp.cancel(null);

            agents.awaitAllSlotsFreeWithin100Millis();
        }
    }

    @Test
    void activationsThatAreNoNumbersEndTheSequenceAndNothingElse() throws Exception {
        try (var agents = agents("nan", 0, 3, 6)) {
            var upstream = new Upstream(agents.stub(1));
            upstream.send(OpenSequence.newBuilder()
                    .setId("nan")
                    .setMaxTokens(16)
                    .setFirstLayer(3)
                    .setPlan(TestAgents.PLAN));
            byte[] ones = new byte[256 * Float.BYTES];
            Arrays.fill(ones, (byte) 0xff);

            upstream.send(Activations.newBuilder()
                    .setRows(1)
                    .setHidden(ByteString.copyFrom(ones))
                    .setSample(true));

            upstream.assertRefused(Status.Code.INTERNAL, "EngineFailed");
            agents.awaitAllSlotsFree();
            assertThat(Answer.to(agents.blocking(0), questions(1).getFirst()).text())
                    .isNotEmpty();
        }
    }

    @Test
    void aCheckpointThatIsMissingIsToldByDescribeAndByGenerate() throws IOException {
        var shape = new Shape(folder.resolve("nowhere"), 64, 1, 32, LIMITS);
        try (var agents = TestAgents.start(folder, shape, new OnnxEngine(), Language::open)) {
            AgentRuntime agent = agents.add(0, 6, TestAgents.PLAN);
            await().until(() -> agent.state().phase() == Phase.FAILED);

            assertThat(agent.state().ready()).isFalse();
            assertThat(agent.state().whyNotReady()).contains("nowhere");
            var refused = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> Answer.to(agents.blocking(0), Answer.text("x", 1).build()));
            assertThat(Answer.reason(refused)).isEqualTo("NotLoaded");
        }
    }
}
