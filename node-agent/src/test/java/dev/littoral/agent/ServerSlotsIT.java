package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds that an agent before a server frees its slots, and takes no more than it has. */
class ServerSlotsIT {

    @AutoClose
    private FakeServer server = FakeServer.start();

    ServerSlotsIT() throws IOException {}

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
            var refused = agent.refused(Answer.text("x", 5)
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

            var refused = agent.refused(request);

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
}
