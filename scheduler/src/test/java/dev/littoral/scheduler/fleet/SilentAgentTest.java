package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.RefuseHopeless;
import dev.littoral.protocol.agent.v1.Rates;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SilentAgentTest extends QueueRig {

    @Test
    void whatOnlyAnAgentThatWasSilentOnceCanEndInTimeWaitsForIt() throws Exception {
        SlotQueue queue = quickAndSlow();
        fleet.silent(A, 3);
        CompletableFuture<Slots.Grant> grant = ask(queue, wish(1000, 0, Duration.ofMinutes(1)));
        await().until(() -> queue.waiting() == 1);

        fleet.described(A, description());

        assertThat(slot(grant.get()).lease().agent()).isEqualTo(A);
    }

    @Test
    void whatOnlyAnAgentThatStaysSilentCanEndInTimeIsRefused() throws Exception {
        SlotQueue queue = quickAndSlow();
        fleet.unreachable(A);
        CompletableFuture<Slots.Grant> grant = ask(queue, wish(1000, 0, Duration.ofMinutes(1)));
        await().until(() -> queue.waiting() == 1);

        for (int silence = 1; silence <= 3; silence++) {
            assertThat(grant).isNotDone();
            fleet.silent(A, 3);
        }

        // it was never within reach of those that are there
        assertThat(grant.get())
                .isInstanceOfSatisfying(
                        Slots.Grant.OutOfReach.class,
                        far -> assertThat(far.waited()).isFalse());
    }

    @Test
    void anAgentThatSaysThatItIsNotReadyIsNotWaitedFor() throws Exception {
        SlotQueue queue = quickAndSlow();
        fleet.described(A, description().toBuilder().setReady(false).build());
        fleet.silent(A, 3);

        assertThat(queue.acquire(wish(1000, 0, Duration.ofMinutes(1)))).isInstanceOf(Slots.Grant.OutOfReach.class);
    }

    @Test
    void whatWaitsForAnAgentsReturnLeavesTheOthersToLowerPriorities() throws Exception {
        SlotQueue queue = quickAndSlow();
        fleet.silent(A, 3);
        CompletableFuture<Slots.Grant> urgent = ask(queue, wish(1000, 1, Duration.ofMinutes(1)));
        await().until(() -> queue.waiting() == 1);

        CompletableFuture<Slots.Grant> lower = ask(queue, wish(10, 0, Duration.ofMinutes(1)));

        assertThat(slot(lower.get()).lease().agent()).isEqualTo(SLOW);
        assertThat(urgent).isNotDone();
    }

    @Test
    void whatWaitsForTheOnlyAgentOutlivesACallThatFailedThere() throws Exception {
        SlotQueue queue = queue(HoldInOrder.shortestFirst(() -> Prices.NONE));
        Lease running = slot(queue.acquire(wish(10, 0, Duration.ofMinutes(1)))).lease();
        List<CompletableFuture<Slots.Grant>> waiting = Stream.generate(
                        () -> ask(queue, wish(10, 0, Duration.ofMinutes(1))))
                .limit(10)
                .toList();
        await().until(() -> queue.waiting() == 10);

        running.away();
        running.close();
        CompletableFuture<Slots.Grant> late = ask(queue, wish(10, 0, Duration.ofMinutes(1)));
        await().until(() -> queue.waiting() == 11);
        // one silence, and it is there again
        fleet.silent(A, 3);
        fleet.described(A, description());

        for (CompletableFuture<Slots.Grant> each : waiting) {
            slot(each.get()).lease().close();
        }
        slot(late.get()).lease().close();
    }

    @Test
    void whatWaitsForTheOnlyAgentIsRefusedOnceItIsDead() throws Exception {
        SlotQueue queue = queue(HoldInOrder.shortestFirst(() -> Prices.NONE));
        fleet.unreachable(A);
        CompletableFuture<Slots.Grant> grant = ask(queue, wish(10, 0, Duration.ofMinutes(1)));
        await().until(() -> queue.waiting() == 1);

        for (int silence = 1; silence <= 3; silence++) {
            assertThat(grant).isNotDone();
            fleet.silent(A, 3);
        }

        assertThat(grant.get())
                .isInstanceOfSatisfying(
                        Slots.Grant.None.class,
                        none -> assertThat(none.reason()).isEqualTo(Slots.Reason.NoReplica));
        assertThat(queue.acquire(wish(10, 0, Duration.ofMinutes(1)))).isInstanceOf(Slots.Grant.None.class);
    }

    /** An answer of 1000 tokens takes A 10 s and the other 1000 s. */
    private SlotQueue quickAndSlow() {
        directory.put("default", "tiny", A, SLOW);
        fleet.described(A, description());
        fleet.described(
                SLOW,
                description().toBuilder()
                        .setRates(Rates.newBuilder()
                                .setPrefillTokensPerSecond(1000)
                                .setDecodeTokensPerSecond(1))
                        .build());
        return new SlotQueue(
                directory,
                fleet,
                new RefuseHopeless(HoldInOrder.shortestFirst(() -> Prices.NONE), 0.02),
                Clock.fixed(Clock.systemUTC().instant(), ZoneOffset.UTC),
                16);
    }
}
