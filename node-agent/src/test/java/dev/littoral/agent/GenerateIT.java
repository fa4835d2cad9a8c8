package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.littoral.agent.TestAgents.Shape;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.LoadProgress;
import dev.littoral.protocol.agent.v1.LoadRequest;
import dev.littoral.protocol.agent.v1.Phase;
import dev.littoral.protocol.agent.v1.Sampling;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        try (var agents = agents(0, 2, 6);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var agent = agents.blocking(0);
            List<GenerateRequest> requests = IntStream.range(0, 4)
                    .mapToObj(i -> Answer.text("question " + i, 60).build())
                    .toList();
            List<Answer> alone =
                    requests.stream().map(request -> Answer.to(agent, request)).toList();

            List<Answer> together = requests.stream()
                    .map(request -> CompletableFuture.supplyAsync(() -> Answer.to(agent, request), clients))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(together).isEqualTo(alone);
            agents.awaitAllSlotsFree();
        }
    }

    @Test
    void withoutAFreeSlotARequestIsRefusedAtOnce() throws IOException {
        var gate = new Gate();
        try (var agents = TestAgents.fake(folder, Shape.small(folder).withSlots(1), engine, 0, 3, 6);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            engine.beforeForward(gate);
            var first = CompletableFuture.supplyAsync(
                    () -> Answer.to(agents.blocking(0), Answer.text("first", 3).build()), clients);
            await().until(() -> gate.waiting() > 0);

            assertRefused(agents, request -> request, Status.Code.RESOURCE_EXHAUSTED, "NoFreeSlot");

            gate.open();
            assertThat(first.join().text()).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, INVALID_ARGUMENT, RequestInvalid",
        "1000000000, INVALID_ARGUMENT, ContextExceeded",
        "2147483647, INVALID_ARGUMENT, ContextExceeded",
        "252, INVALID_ARGUMENT, ContextExceeded"
    })
    void maxTokensOutOfBoundsIsRefused(int maxTokens, Status.Code code, String reason) throws IOException {
        try (var agents = agents(0, 3, 6)) {
            assertRefused(
                    agents,
                    request -> request.setText("hello")
                            .setSampling(Sampling.newBuilder().setMaxTokens(maxTokens)),
                    code,
                    reason);
        }
    }

    @Test
    void aPromptLongerThanTheContextIsRefusedWithBothLengths() throws IOException {
        try (var agents = agents(0, 3, 6)) {
            var refused = assertRefused(
                    agents,
                    request -> request.setText("x".repeat(300)).clearSampling(),
                    Status.Code.INVALID_ARGUMENT,
                    "ContextExceeded");

            assertThat(refused.getStatus().getDescription()).contains("300").contains("256");

            // 256 tokens of at most 256 characters
            var huge = assertRefused(
                    agents,
                    request -> request.setText("x".repeat(65_537)),
                    Status.Code.INVALID_ARGUMENT,
                    "ContextExceeded");

            assertThat(huge.getStatus().getDescription()).contains("65537").contains("256");
        }
    }

    @Test
    void whatCanNeverBeServedIsRefusedByName() throws IOException {
        try (var agents = agents(0, 3, 6)) {
            assertRefused(agents, request -> request.setModel("other"), Status.Code.NOT_FOUND, "ModelUnknown");
            assertRefused(agents, request -> request.setId(""), Status.Code.INVALID_ARGUMENT, "RequestInvalid");
            assertRefused(agents, request -> request.setText(""), Status.Code.INVALID_ARGUMENT, "RequestInvalid");
            assertRefused(agents, GenerateRequest.Builder::clearPrompt, Status.Code.INVALID_ARGUMENT, "RequestInvalid");
            assertRefused(
                    agents,
                    request -> request.setSampling(Sampling.newBuilder().setTemperature(Double.NaN)),
                    Status.Code.INVALID_ARGUMENT,
                    "RequestInvalid");
            assertRefused(
                    agents,
                    request -> request.setSampling(Sampling.newBuilder().setTopP(1.5)),
                    Status.Code.INVALID_ARGUMENT,
                    "RequestInvalid");
            assertRefused(
                    agents,
                    request -> request.setSampling(Sampling.newBuilder().addStop("")),
                    Status.Code.INVALID_ARGUMENT,
                    "RequestInvalid");
            for (Sampling.Builder wrong : List.of(
                    Sampling.newBuilder().setMinP(2),
                    Sampling.newBuilder().setRepetitionPenalty(-1),
                    Sampling.newBuilder().setPresencePenalty(3),
                    Sampling.newBuilder().setFrequencyPenalty(-3),
                    Sampling.newBuilder().putLogitBias(1, 101),
                    Sampling.newBuilder().putLogitBias(FakeEngine.VOCABULARY, 1),
                    Sampling.newBuilder().setTopLogprobs(1),
                    Sampling.newBuilder().setLogprobs(true).setTopLogprobs(21))) {
                assertRefused(
                        agents, request -> request.setSampling(wrong), Status.Code.INVALID_ARGUMENT, "RequestInvalid");
            }
            agents.awaitAllSlotsFree();
        }
    }

    @Test
    void aLaterStageTakesNoPrompt() throws IOException {
        try (var agents = agents(0, 3, 6)) {
            var refused = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> Answer.to(agents.blocking(1), Answer.text("x", 1).build()));

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        }
    }

    @Test
    void aDeadlineInThePastIsRefused() throws IOException {
        try (var agents = agents(0, 3, 6)) {
            assertRefused(
                    agents,
                    request -> request.setDeadlineEpochMillis(
                            Instant.now().minusSeconds(1).toEpochMilli()),
                    Status.Code.DEADLINE_EXCEEDED,
                    "DeadlinePassed");
            assertRefused(
                    agents,
                    request -> request.setDeadlineEpochMillis(Long.MIN_VALUE),
                    Status.Code.DEADLINE_EXCEEDED,
                    "DeadlinePassed");
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

    private static StatusRuntimeException assertRefused(
            TestAgents agents, UnaryOperator<GenerateRequest.Builder> change, Status.Code code, String reason) {
        GenerateRequest request = change.apply(Answer.text("hello", 5)).build();
        var refused = catchThrowableOfType(StatusRuntimeException.class, () -> Answer.to(agents.blocking(0), request));
        assertThat(refused).isNotNull();
        assertThat(refused.getStatus().getCode()).isEqualTo(code);
        assertThat(Answer.reason(refused)).isEqualTo(reason);
        return refused;
    }
}
