package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.agent.TestAgents.Shape;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.LoadProgress;
import dev.littoral.protocol.agent.v1.LoadRequest;
import dev.littoral.protocol.agent.v1.Phase;
import dev.littoral.protocol.agent.v1.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks agents over real gRPC; the model behind them is a fake that is the same however it is split. */
class GenerateIT {

    private static final String LONG_PROMPT = "a prompt of more than two chunks of eight rows";

    @TempDir
    Path folder;

    private final FakeEngine engine = new FakeEngine();

    private TestAgents agents(int... borders) throws IOException {
        return TestAgents.fake(folder, Shape.small(folder), engine, borders);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "eight ch", LONG_PROMPT})
    void twoAndThreeStagesAnswerAsOneDoes(String prompt) throws IOException {
        try (var one = TestAgents.fake(folder.resolve("1"), Shape.small(folder), engine, 0, 6);
                var two = TestAgents.fake(folder.resolve("2"), Shape.small(folder), engine, 0, 2, 6);
                var three = TestAgents.fake(folder.resolve("3"), Shape.small(folder), engine, 0, 1, 5, 6)) {
            GenerateRequest request = Answer.text(prompt, 40).build();
            Answer whole = Answer.to(one.blocking(0), request);

            assertThat(whole.text()).hasSize(40);
            assertThat(Answer.to(two.blocking(0), request)).isEqualTo(whole);
            assertThat(Answer.to(three.blocking(0), request)).isEqualTo(whole);
        }
    }

    @Test
    void anAnswerBeginsWithThePromptsLengthAndEndsWithItsOwn() throws IOException {
        try (var agents = agents(0, 3, 6)) {
            Answer answer =
                    Answer.to(agents.blocking(0), Answer.text("seven b", 5).build());

            assertThat(answer.started()).isEqualTo(7);
            assertThat(answer.finished().getPromptTokens()).isEqualTo(7);
            assertThat(answer.finished().getCompletionTokens()).isEqualTo(5);
            assertThat(answer.finished().getReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void aStopStringEndsTheAnswerAndIsNotPartOfIt() throws IOException {
        try (var agents = agents(0, 3, 6)) {
            String whole = Answer.to(agents.blocking(0), Answer.text("stop", 30).build())
                    .text();
            String stop = whole.substring(10, 13);
            var request = Answer.text("stop", 30)
                    .setSampling(Sampling.newBuilder().setMaxTokens(30).addStop(stop));

            Answer answer = Answer.to(agents.blocking(0), request.build());

            assertThat(answer.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
            assertThat(answer.finished().getReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void aStopStringEndsTheToldTokensToo() throws IOException {
        try (var agents = agents(0, 3, 6)) {
            String whole = Answer.to(agents.blocking(0), Answer.text("stop", 30).build())
                    .text();
            String stop = whole.substring(10, 13);
            var request = Answer.text("stop", 30)
                    .setSampling(Sampling.newBuilder()
                            .setMaxTokens(30)
                            .addStop(stop)
                            .setLogprobs(true)
                            .setTopLogprobs(2));

            Answer answer = Answer.to(agents.blocking(0), request.build());

            assertThat(answer.tokens().stream()
                            .map(token -> token.getChosen().getText())
                            .collect(Collectors.joining()))
                    .isEqualTo(answer.text());
            assertThat(answer.tokens()).allSatisfy(token -> {
                assertThat(token.getLikeliestCount()).isEqualTo(2);
                assertThat(token.getLikeliest(0)).isEqualTo(token.getChosen());
            });
        }
    }

    @Test
    void withoutALimitAnAnswerFillsTheContext() throws IOException {
        try (var agents = agents(0, 6)) {
            Answer answer =
                    Answer.to(agents.blocking(0), Answer.text("0123456789", 0).build());

            // context 256 - prompt 10
            assertThat(answer.finished().getCompletionTokens()).isEqualTo(246);
            assertThat(answer.finished().getReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void severalAnswersAtOnceAreThoseOfOneAfterTheOther() throws IOException {
        try (var agents = agents(0, 2, 6)) {
            var agent = agents.blocking(0);
            List<GenerateRequest> requests = IntStream.range(0, 4)
                    .mapToObj(i -> Answer.text("question " + i, 60).build())
                    .toList();
            List<Answer> alone =
                    requests.stream().map(request -> Answer.to(agent, request)).toList();

            List<Answer> together = Answer.together(agent, requests);

            assertThat(together).isEqualTo(alone);
            agents.awaitAllSlotsFree();
        }
    }

    @Test
    void aDeadlineDuringTheAnswerEndsItWithWhatThereIs() throws IOException {
        try (var agents = agents(0, 3, 6)) {
            engine.beforeForward(() -> Gate.pause(5));
            Answer answer = Answer.to(
                    agents.blocking(0),
                    Answer.text("x", 200)
                            .setDeadlineEpochMillis(
                                    Instant.now().plusMillis(400).toEpochMilli())
                            .build());

            assertThat(answer.finished().getReason()).isEqualTo(FinishReason.DEADLINE);
            assertThat(answer.text()).hasSize(answer.finished().getCompletionTokens());
            assertThat(answer.finished().getCompletionTokens()).isBetween(1, 199);
            agents.awaitAllSlotsFree();
        }
    }

    @Test
    void loadingIsFollowedToItsEnd() throws IOException {
        try (var agents = agents(0, 3, 6)) {
            List<LoadProgress> progress = new ArrayList<>();
            agents.blocking(0).load(LoadRequest.getDefaultInstance()).forEachRemaining(progress::add);

            assertThat(progress.getLast().getPhase()).isEqualTo(Phase.LOADED);
            assertThat(progress.getLast().getDoneBytes()).isEqualTo(100);
        }
    }

    @Test
    void anAgentSaysWhatItRuns() throws IOException {
        try (var agents = agents(0, 2, 6)) {
            AgentDescription second = agents.blocking(1).describe(DescribeRequest.getDefaultInstance());

            assertThat(second.getPhase()).isEqualTo(Phase.LOADED);
            assertThat(second.getReady()).isTrue();
            assertThat(second.getPlan()).isEqualTo(TestAgents.PLAN);
            assertThat(second.getStage().getFirstLayer()).isEqualTo(2);
            assertThat(second.getStage().getEndLayer()).isEqualTo(6);
            assertThat(second.getStage().getLayers()).isEqualTo(6);
            assertThat(second.getStage().getBitsList()).containsExactly(32, 32, 32, 32);
            assertThat(second.getFreeSlots()).isEqualTo(4);
            assertThat(second.getRates().getDecodeTokensPerSecond()).isPositive();
            assertThat(second.getRates().getPrefillTokensPerSecond()).isPositive();
            assertThat(second.getResidentBytes()).isPositive();
        }
    }
}
