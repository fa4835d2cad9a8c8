package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.littoral.agent.TestAgents.Shape;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loses readers, neighbours and time, and looks at what becomes of the slots. */
class LossIT {

    private static final GenerateRequest LONG = Answer.text("a long one", 200).build();

    @TempDir
    Path folder;

    private final FakeEngine engine = new FakeEngine();

    @Test
    void aReaderThatHangsUpFreesItsSlotInEveryStageWithin100Millis() throws IOException {
        try (var agents = TestAgents.fake(folder, Shape.small(folder), engine, 0, 2, 4, 6)) {
            engine.beforeForward(() -> Gate.pause(5));
            var hangUp = Context.current().withCancellation();
            hangUp.run(() -> {
                Iterator<GenerateEvent> events = agents.blocking(0).generate(LONG);
                assertThat(events.next().hasStarted()).isTrue();
                assertThat(events.next().getDelta().getText()).hasSize(1);
                assertThat(agents.agent(2).state().freeSlots()).isEqualTo(3);
            });

            hangUp.cancel(null);

            agents.awaitAllSlotsFreeWithin100Millis();
        }
    }

    @Test
    void anAgentThatDiesDuringAnAnswerMakesTheFirstOneUnavailable() throws IOException {
        try (var agents = TestAgents.fake(folder, Shape.small(folder), engine, 0, 3, 6)) {
            engine.beforeForward(() -> Gate.pause(5));
            Iterator<GenerateEvent> events = agents.blocking(0).generate(LONG);
            events.next();
            events.next();

            agents.agent(1).close();

            var lost = catchThrowableOfType(StatusRuntimeException.class, () -> Answer.read(events));
            assertThat(lost.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(Answer.reason(lost)).isIn("NextStageLost", "Stopping");
            await().until(() -> agents.agent(0).state().freeSlots() == 4);
            await().until(() -> agents.agent(0).state().whyNotReady().contains("does not answer"));
        }
    }

    @Test
    void aNewNextAgentIsFoundByItsFileAndUsed() throws IOException {
        try (var agents = TestAgents.fake(folder, Shape.small(folder), engine, 0, 3, 6)) {
            String before = Answer.to(
                            agents.blocking(0), Answer.text("same", 20).build())
                    .text();
            agents.agent(1).close();
            await().until(() -> !agents.agent(0).state().ready());

            AgentRuntime other = agents.add(3, 6, TestAgents.PLAN);
            agents.point(0, other.port());
            TestAgents.awaitReady(agents.agent(0));

            assertThat(Answer.to(agents.blocking(0), Answer.text("same", 20).build())
                            .text())
                    .isEqualTo(before);
        }
    }

    @Test
    void aNextAgentOfAnotherPlanOrLayerIsNotUsed() throws IOException {
        try (var agents = TestAgents.fake(folder, Shape.small(folder), engine, 0, 3, 6)) {
            agents.point(0, agents.add(3, 6, "plan-2").port());
            await().until(() -> agents.agent(0).state().whyNotReady().contains("plan 'plan-2'"));

            agents.point(0, agents.add(4, 6, TestAgents.PLAN).port());
            await().until(() -> agents.agent(0).state().whyNotReady().contains("first layer '4', expected '3'"));

            var refused = catchThrowableOfType(StatusRuntimeException.class, () -> Answer.to(agents.blocking(0), LONG));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void aFileThatHoldsNoAddressIsSaidToBeWrong() throws IOException {
        try (var agents = TestAgents.fake(folder, Shape.small(folder), engine, 0, 3, 6)) {
            Path next = agents.peers(0).resolve("next");

            Files.writeString(next, "somewhere");

            await().until(() -> agents.agent(0).state().whyNotReady().contains("must hold ip:port"));
        }
    }

    @Test
    void aSlowReaderPausesDecodingAndLosesNothing() throws Exception {
        var small = new Shape(folder, 4096, 1, 32, Shape.LIMITS);
        try (var agents = TestAgents.fake(folder, small, engine, 0, 6)) {
            int before = engine.forwards();
            // what this client takes in unread is its window; each event is some 15 bytes
            ManagedChannel channel = NettyChannelBuilder.forAddress(
                            "127.0.0.1", agents.agent(0).port())
                    .usePlaintext()
                    .flowControlWindow(1024)
                    .build();
            try {
                Iterator<GenerateEvent> events = AgentGrpc.newBlockingStub(channel)
                        .generate(Answer.text("slow", 4000).build());
                await().during(Duration.ofMillis(300)).until(() -> {
                    int now = engine.forwards() - before;
                    return now > 1 && now < 1000;
                });

                assertThat(Answer.read(events).text()).hasSize(4000);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void aReaderThatNeverReadsLosesItsSlotInTime() throws IOException {
        var limits = new AgentSettings.Limits(
                8, Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofSeconds(20), 64);
        var small = new Shape(folder, 4096, 1, 32, limits);
        try (var agents = TestAgents.fake(folder, small, engine, 0, 3, 6)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress(
                            "127.0.0.1", agents.agent(0).port())
                    .usePlaintext()
                    .flowControlWindow(1024)
                    .build();
            try {
                Iterator<GenerateEvent> events = AgentGrpc.newBlockingStub(channel)
                        .generate(Answer.text("never", 4000).build());
                await().until(() -> agents.agent(1).state().freeSlots() == 0);

                agents.awaitAllSlotsFree();

                var stalled = catchThrowableOfType(StatusRuntimeException.class, () -> Answer.read(events));
                assertThat(stalled.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void drainingLetsARunningAnswerEndAndRefusesTheNext() throws Exception {
        var gate = new Gate();
        try (var agents = TestAgents.fake(folder, Shape.small(folder), engine, 0, 6)) {
            engine.beforeForward(gate);
            var running = CompletableFuture.supplyAsync(() ->
                    Answer.to(agents.blocking(0), Answer.text("running", 5).build()));
            await().until(() -> gate.waiting() > 0);
            var drained = CompletableFuture.supplyAsync(() -> {
                try {
                    return agents.agent(0).drain();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> !agents.agent(0).state().ready());

            var refused = catchThrowableOfType(StatusRuntimeException.class, () -> Answer.to(agents.blocking(0), LONG));
            gate.open();

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(running.get(10, TimeUnit.SECONDS).text()).hasSize(5);
            assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
