package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.littoral.agent.TestAgents.Shape;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.protocol.agent.v1.Activations;
import dev.littoral.protocol.agent.v1.OpenSequence;
import dev.littoral.protocol.agent.v1.Sampled;
import dev.littoral.protocol.agent.v1.Sampling;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Speaks to a last stage as the stage before it would, and as one that lies. */
class ForwardIT {

    @TempDir
    Path folder;

    private final FakeEngine engine = new FakeEngine();

    private TestAgents agents() throws IOException {
        return TestAgents.fake(folder, Shape.small(folder), engine, 0, 3, 6);
    }

    private static OpenSequence.Builder open() {
        return OpenSequence.newBuilder()
                .setId("forwarded")
                .setMaxTokens(16)
                .setFirstLayer(3)
                .setPlan(TestAgents.PLAN);
    }

    private static Activations.Builder rows(int position, int rows) {
        return Activations.newBuilder()
                .setPosition(position)
                .setRows(rows)
                .setHidden(hidden(rows, 7))
                .setSample(true);
    }

    private static ByteString hidden(int rows, float value) {
        ByteBuffer bytes =
                ByteBuffer.allocate(rows * FakeEngine.HIDDEN * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(value);
        }
        return ByteString.copyFrom(bytes.flip());
    }

    @Test
    void everyMessageThatAsksForATokenGetsOne() throws Exception {
        try (var agents = agents()) {
            var upstream = new Upstream(agents.stub(1)).send(open());
            assertThat(upstream.answer().hasOpened()).isTrue();

            upstream.send(rows(0, 4).setSample(false)).send(rows(4, 2)).send(rows(6, 1));

            Sampled afterSix = upstream.answer().getSampled();
            assertThat(afterSix.getToken()).isBetween((int) 'a', (int) 'z');
            assertThat(afterSix.getPosition()).isEqualTo(6);
            Sampled afterSeven = upstream.answer().getSampled();
            assertThat(afterSeven.getMargin()).isPositive();
            assertThat(afterSeven.getPosition()).isEqualTo(7);
            upstream.complete();
            upstream.awaitEnd();
            agents.awaitAllSlotsFreeWithin100Millis();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 16",
        "-1, 1, 16",
        "0, 0, 0",
        "0, -1, 16",
        "0, 1, 15",
        "0, 1, 32",
        "0, 2147483647, 16",
        "0, 17, 272"
    })
    void rowsThatCannotBeAreRefused(int position, int rows, int bytes) throws Exception {
        try (var agents = agents()) {
            new Upstream(agents.stub(1))
                    .send(open())
                    .send(Activations.newBuilder()
                            .setPosition(position)
                            .setRows(rows)
                            .setHidden(ByteString.copyFrom(new byte[bytes])))
                    .assertRefused(Status.Code.INVALID_ARGUMENT, "ActivationsInvalid");
            agents.awaitAllSlotsFree();
        }
    }

    @Test
    void anOpenThatBelongsElsewhereIsRefused() throws Exception {
        try (var agents = agents()) {
            new Upstream(agents.stub(1))
                    .send(open().setPlan("plan-2"))
                    .assertRefused(Status.Code.FAILED_PRECONDITION, "PlanMismatch");
            new Upstream(agents.stub(1))
                    .send(open().setFirstLayer(2))
                    .assertRefused(Status.Code.FAILED_PRECONDITION, "StageMismatch");
            new Upstream(agents.stub(0))
                    .send(open().setFirstLayer(0))
                    .assertRefused(Status.Code.FAILED_PRECONDITION, "FirstStage");
            new Upstream(agents.stub(1))
                    .send(open().setMaxTokens(257))
                    .assertRefused(Status.Code.INVALID_ARGUMENT, "ContextExceeded");
            new Upstream(agents.stub(1))
                    .send(open().setMaxTokens(-1))
                    .assertRefused(Status.Code.INVALID_ARGUMENT, "ContextExceeded");
            new Upstream(agents.stub(1))
                    .send(open().setSampling(Sampling.newBuilder().setTopK(-1)))
                    .assertRefused(Status.Code.INVALID_ARGUMENT, "RequestInvalid");
            agents.awaitAllSlotsFree();
        }
    }

    @Test
    void messagesOutOfOrderAreRefused() throws Exception {
        try (var agents = agents()) {
            new Upstream(agents.stub(1))
                    .send(rows(0, 1))
                    .assertRefused(Status.Code.INVALID_ARGUMENT, "ActivationsInvalid");
            new Upstream(agents.stub(1))
                    .send(open())
                    .send(open())
                    .assertRefused(Status.Code.INVALID_ARGUMENT, "ActivationsInvalid");
            agents.awaitAllSlotsFree();
        }
    }

    @Test
    void numbersThatAreNoneAreComputedLikeOthers() throws Exception {
        try (var agents = agents()) {
            var upstream = new Upstream(agents.stub(1)).send(open());
            assertThat(upstream.answer().hasOpened()).isTrue();

            upstream.send(rows(0, 1).setHidden(hidden(1, Float.NaN)));

            assertThat(upstream.answer().hasSampled()).isTrue();
        }
    }

    @Test
    void aSequenceThatIsSilentTooLongLosesItsSlot() throws Exception {
        var limits = new AgentSettings.Limits(
                8, Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20), 64);
        try (var agents = TestAgents.fake(folder, Shape.small(folder).withLimits(limits), engine, 0, 3, 6)) {
            new Upstream(agents.stub(1)).send(open()).assertRefused(Status.Code.ABORTED, "SequenceIdle");
            agents.awaitAllSlotsFree();
        }
    }

    @Test
    void aMessageLargerThanAnyContextIsRefusedAndTheAgentLives() throws Exception {
        try (var agents = agents()) {
            var upstream = new Upstream(agents.stub(1)).send(open());
            assertThat(upstream.answer().hasOpened()).isTrue();

            upstream.send(Activations.newBuilder().setRows(1).setHidden(ByteString.copyFrom(new byte[5 << 20])));

            upstream.awaitEnd();
            assertThat(upstream.status().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
            agents.awaitAllSlotsFree();
            assertThat(Answer.to(agents.blocking(0), Answer.text("alive", 3).build())
                            .text())
                    .hasSize(3);
        }
    }
}
