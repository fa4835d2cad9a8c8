package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.littoral.agent.TestAgents.Shape;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asks agents for what they do not give; each refusal has its code and its reason. */
class RefusedRequestsIT {

    @TempDir
    Path folder;

    private final FakeEngine engine = new FakeEngine();

    private TestAgents agents(int... borders) throws IOException {
        return TestAgents.fake(folder, Shape.small(folder), engine, borders);
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
