package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.scheduler.request.Cancellation;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QueueRoomTest extends QueueRig {

    @Test
    void whereTooManyWaitAFloodLeavesItsRoomToAnotherKey() throws Exception {
        SlotQueue queue = queue(HoldInOrder.shortestFirst(() -> Prices.NONE), 3);
        Slots.Grant.Slot held = slot(queue.acquire(wish("flood", 100, 0)));
        List<CompletableFuture<Slots.Grant>> flood = new ArrayList<>();
        for (int n = 1; n <= 3; n++) {
            flood.add(ask(queue, wish("flood", 100, 0)));
            int waiting = n;
            await().until(() -> queue.waiting() == waiting);
        }
        assertThat(queue.acquire(wish("flood", 100, 0))).satisfies(grant -> assertNone(grant, Slots.Reason.QueueFull));

        CompletableFuture<Slots.Grant> other = ask(queue, wish("other", 100, 0));

        // the last that came
        assertThat(flood.get(2).get()).satisfies(grant -> assertNone(grant, Slots.Reason.BeyondItsShare));
        assertThat(other).isNotDone();
        assertThat(queue.waiting()).isEqualTo(3);
        held.lease().close();
    }

    @Test
    void whereTooManyWaitALowerPriorityLeavesItsRoom() throws Exception {
        SlotQueue queue = queue(HoldInOrder.shortestFirst(() -> Prices.NONE), 2);
        Slots.Grant.Slot held = slot(queue.acquire(wish("a", 100, 0)));
        CompletableFuture<Slots.Grant> higher = ask(queue, wish("a", 100, 1));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> lower = ask(queue, wish("b", 100, 0));
        await().until(() -> queue.waiting() == 2);

        CompletableFuture<Slots.Grant> highest = ask(queue, wish("a", 100, 2));

        assertThat(lower.get()).satisfies(grant -> assertNone(grant, Slots.Reason.Outranked));
        assertThat(queue.acquire(wish("c", 100, 0))).satisfies(grant -> assertNone(grant, Slots.Reason.QueueFull));
        held.lease().close();
        slot(highest.get());
        assertThat(higher).isNotDone();
    }

    @Test
    void whoFindsNoRoomIsToldWhenTheQueueWillHaveAPlaceForIt() throws Exception {
        SlotQueue queue = still(3);
        Slots.Grant.Slot held = slot(queue.acquire(wish("a", 100, 0)));
        waiting(queue, 3, "a", 4000);

        // one of 4000 tokens at 100 per second leaves every 40 s, but for .01 s of its prompt: one place each 40.01 s
        assertThat(again(queue.acquire(wish("a", 100, 0)))).isCloseTo(Duration.ofMillis(40_010), BIT);
        // the next one stands behind the first in the line of those refused
        assertThat(again(queue.acquire(wish("a", 100, 0)))).isCloseTo(Duration.ofMillis(80_020), BIT);
        assertThat(queue.room()).isCloseTo(Duration.ofMillis(120_030), BIT);
        // what is silent is the answer's reader, not the agent
        held.lease().heard();
        nanos.addAndGet(Duration.ofSeconds(100).toNanos());
        // 2.5 places came free meanwhile
        assertThat(again(queue.acquire(wish("a", 100, 0)))).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
        held.lease().close();
    }

    @Test
    void aFloodOfThoseRefusedIsForgottenAfterTheLongestWaitThatAnybodyIsTold() throws Exception {
        SlotQueue queue = still(3);
        Slots.Grant.Slot held = slot(queue.acquire(wish("a", 100, 0)));
        waiting(queue, 3, "a", 100);
        for (int n = 0; n < 10_000; n++) {
            assertNone(queue.acquire(wish("a", 100, 0)), Slots.Reason.QueueFull);
        }
        assertThat(queue.room()).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(122));

        // what is silent is the answer's reader, not the agent
        held.lease().heard();
        nanos.addAndGet(Duration.ofSeconds(122).toNanos());

        // one place each 1.01 s
        assertThat(queue.room()).isLessThan(Duration.ofSeconds(2));
        held.lease().close();
    }

    @Test
    void whereNothingWaitsTheNextEndMakesRoom() throws Exception {
        SlotQueue queue = still(3);
        Slots.Grant.Slot held = slot(queue.acquire(wish("a", 700, 0)));
        held.lease().progress(0);

        // 700 tokens, as the exponential law has their rest, at 100 per second
        assertThat(queue.room()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(8));
        held.lease().close();
        assertThat(queue.room()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whoWaitedTooLongIsToldWhenAllThatWaitsWillHaveHadItsTurn() throws Exception {
        SlotQueue queue = still(8);
        Slots.Grant.Slot held = slot(queue.acquire(wish("a", 100, 0)));
        held.lease().progress(99);
        waiting(queue, 2, "a", 1000);
        Slots.Wish patient = wish("a", 1000, 0);
        Slots.Wish impatient = new Slots.Wish(
                patient.deployment(),
                patient.work(),
                0,
                patient.deadline(),
                Clock.systemUTC().instant(),
                false,
                new Cancellation(),
                patient.sender());

        // three of 10 s each, itself included, behind what is left of the one that runs
        assertThat(again(queue.acquire(impatient))).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));
        held.lease().close();
    }

    private static final Duration BIT = Duration.ofMillis(2);

    private final AtomicLong nanos = new AtomicLong();

    /** An agent with one slot, while no time passes but by {@link #nanos}. */
    private SlotQueue still(int maxWaiting) {
        Fleet still = new Fleet(nanos::get, Duration.ofHours(5), 1);
        directory.put("default", "tiny", A);
        still.described(A, description());
        return new SlotQueue(
                directory, still, HoldInOrder.shortestFirst(() -> Prices.NONE), Clock.systemUTC(), maxWaiting);
    }

    private void waiting(SlotQueue queue, int count, String key, double tokens) {
        for (int n = 1; n <= count; n++) {
            CompletableFuture<Slots.Grant> ignored = ask(queue, wish(key, tokens, 0));
            int waiting = n;
            await().until(() -> queue.waiting() == waiting);
        }
    }

    private static Duration again(Slots.Grant grant) {
        assertThat(grant).isInstanceOf(Slots.Grant.None.class);
        return ((Slots.Grant.None) grant).again();
    }

    private static void assertNone(Slots.Grant grant, Slots.Reason reason) {
        assertThat(grant)
                .isInstanceOfSatisfying(
                        Slots.Grant.None.class,
                        none -> assertThat(none.reason()).isEqualTo(reason));
    }
}
