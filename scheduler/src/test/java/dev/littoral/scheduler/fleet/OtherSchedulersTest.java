package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.RefuseHopeless;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.scheduler.request.SteadyClock;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OtherSchedulersTest extends QueueRig {

    private final List<HeldRequest> told = new CopyOnWriteArrayList<>();
    private final AtomicLong looks = new AtomicLong();
    /** Time passes only by this. */
    private final AtomicLong nanos = new AtomicLong();

    private final SteadyClock clock = new SteadyClock(Clock.systemUTC(), nanos::get);

    @Test
    void aShorterRequestOfAnotherSchedulerIsLeftTheSlot() throws Exception {
        SlotQueue queue = shared();
        Slots.Grant.Slot held = slot(queue.acquire(wish("a", 100, 0)));
        told.add(elsewhere(7, 0, 10));
        CompletableFuture<Slots.Grant> longer = ask(queue, wish("a", 5000, 0));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> shortest = ask(queue, wish("b", 2, 0));
        await().until(() -> queue.waiting() == 2);

        held.lease().close();

        Slots.Grant.Slot next = slot(shortest.get());
        next.lease().close();
        assertThat(queue.held()).containsOnlyKeys("default/tiny");
        assertThat(longer).isNotDone();
        // taken by the other, or told no more
        told.clear();
        assertThat(longer.get()).isInstanceOf(Slots.Grant.Slot.class);
    }

    @Test
    void aHigherPriorityOfAnotherSchedulerGoesBeforeAShorterAnswerHere() throws Exception {
        SlotQueue queue = shared();
        told.add(elsewhere(7, 1, 5000));

        CompletableFuture<Slots.Grant> shorter = ask(queue, wish("a", 10, 0));

        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> highest = ask(queue, wish("a", 10, 2));
        slot(highest.get()).lease().close();
        assertThat(shorter).isNotDone();
        told.clear();
        assertThat(shorter.get()).isInstanceOf(Slots.Grant.Slot.class);
    }

    @Test
    void aSlotThatTheOtherSchedulerDoesNotTakeIsLeftToItForASecondOnly() throws Exception {
        SlotQueue queue = shared();
        told.add(elsewhere(7, 0, 10));
        told.add(elsewhere(8, 1, 10));

        // it is told of them for good
        startsAfterOnePatience(queue, () -> {});
    }

    @Test
    void asManyAsCanBeToldHoldAnOwnRequestUpForASecondOnly() throws Exception {
        SlotQueue queue = shared();
        tell(128, 0);

        startsAfterOnePatience(queue, () -> {});
    }

    @Test
    void everNewRequestsHoldAnOwnOneUpForASecondOnly() throws Exception {
        SlotQueue queue = shared();
        tell(128, 0);

        startsAfterOnePatience(queue, this::tellOfOthers);
    }

    @Test
    void requestsOfAHigherPriorityThatNeverTakeASlotHoldAnOwnOneUpForASecondOnly() throws Exception {
        SlotQueue queue = shared();
        tell(128, 1);

        startsAfterOnePatience(queue, this::tellOfOthers);
    }

    @Test
    void theNextSlotIsLeftToOthersForASecondAgain() throws Exception {
        SlotQueue queue = shared();
        tell(128, 1);

        startsAfterOnePatience(queue, this::tellOfOthers).lease().close();
        tellOfOthers();

        startsAfterOnePatience(queue, this::tellOfOthers);
    }

    @Test
    void theCountOfALaneGoesOnThroughOwnStartsAndBeginsAnewAfterItRanOut() {
        Courtesy courtesy = new Courtesy();
        courtesy.decided(false, true, 100);
        courtesy.decided(true, true, 100.9);
        assertThat(courtesy.due(List.of(elsewhere(1, 0, 10)), 101, 1)).hasSize(1);

        assertThat(courtesy.due(List.of(elsewhere(2, 0, 10)), 101.1, 1)).isEmpty();
        // nothing could start all the same
        courtesy.decided(false, true, 101.1);
        assertThat(courtesy.due(List.of(elsewhere(3, 0, 10)), 101.2, 1)).isEmpty();
        courtesy.decided(true, true, 101.2);
        assertThat(courtesy.due(List.of(elsewhere(4, 0, 10)), 102.1, 1)).hasSize(1);
        // no slot is free
        courtesy.decided(false, false, 102.1);
        courtesy.decided(false, true, 102.2);
        assertThat(courtesy.due(List.of(elsewhere(5, 0, 10)), 103.1, 1)).hasSize(1);
        assertThat(courtesy.due(List.of(elsewhere(6, 0, 10)), 103.3, 1)).isEmpty();
    }

    @Test
    void courtesyEndsAfterASecondAndBeginsAnewForWhatTookItsTurn() {
        Courtesy courtesy = new Courtesy();
        HeldRequest one = elsewhere(7, 0, 10);
        HeldRequest other = elsewhere(8, 0, 10);
        courtesy.left(one, 100);
        courtesy.left(other, 100.9);
        courtesy.left(one, 100.9);

        assertThat(courtesy.due(List.of(one, other), 101, 1)).containsExactly(one, other);
        assertThat(courtesy.due(List.of(one, other), 101.5, 1)).containsExactly(other);
        courtesy.waits(other);
        assertThat(courtesy.due(List.of(one, other), 103, 1)).containsExactly(other);
        // no longer told, and so forgotten
        assertThat(courtesy.due(List.of(other), 103, 1)).containsExactly(other);
        assertThat(courtesy.due(List.of(one, other), 103, 1)).containsExactly(one, other);
    }

    @Test
    void whatWaitsHereIsToldWithItsPriorityAndDigest() throws Exception {
        SlotQueue queue = shared();
        Slots.Grant.Slot held = slot(queue.acquire(wish("a", 100, 0)));
        CompletableFuture<Slots.Grant> waits = ask(queue, wish("a", 50, -4));
        await().until(() -> queue.waiting() == 1);

        assertThat(queue.held().get("default/tiny")).singleElement().satisfies(each -> {
            assertThat(each.digest()).isEqualTo(HeldRequest.digest("request of a"));
            assertThat(each.priority()).isEqualTo(-4);
            assertThat(each.request().answer().meanTokens()).isEqualTo(50);
        });
        held.lease().close();
        slot(waits.get()).lease().close();
        await().until(() -> queue.held().isEmpty());
    }

    /** Says that an own request waits beside the free slot for a second, and no longer. */
    private Slots.Grant.Slot startsAfterOnePatience(SlotQueue queue, Runnable everyQuarter) throws Exception {
        CompletableFuture<Slots.Grant> longer = ask(queue, wish("a", 5000, 0));
        await().until(() -> queue.waiting() == 1);
        for (int quarter = 1; quarter <= 4; quarter++) {
            nanos.addAndGet(Duration.ofMillis(250).toNanos());
            everyQuarter.run();
            lookAgain(queue);
            assertThat(longer).isNotDone();
        }

        nanos.addAndGet(Duration.ofMillis(1).toNanos());

        Slots.Grant.Slot got = slot(longer.get(1, TimeUnit.MINUTES));
        assertThat(got.lease().agent()).isEqualTo(A);
        return got;
    }

    /** Waits until the queue has decided anew. */
    private void lookAgain(SlotQueue queue) {
        long before = looks.get();
        // the first may have begun before, the end of the second is waited for by its lock
        await().until(() -> looks.get() >= before + 2);
        assertThat(queue.waiting()).isEqualTo(1);
    }

    private void tell(int requests, int priority) {
        for (int n = 1; n <= requests; n++) {
            told.add(elsewhere(n, priority, 10));
        }
    }

    private void tellOfOthers() {
        told.replaceAll(each -> elsewhere(each.digest() + told.size(), each.priority(), 10));
    }

    private SlotQueue shared() {
        Fleet one = new Fleet(nanos::get, Duration.ofHours(5), 1);
        directory.put("default", "tiny", A);
        one.described(A, description());
        return new SlotQueue(
                directory,
                one,
                (deployment, watch) -> new RefuseHopeless(HoldInOrder.shortestFirst(() -> Prices.NONE), 0.02),
                new RouteLog(0, 0, () -> 0),
                clock,
                16,
                deployment -> {
                    looks.incrementAndGet();
                    return List.copyOf(told);
                },
                Duration.ZERO);
    }

    private HeldRequest elsewhere(long digest, int priority, double tokens) {
        double now = Dispatcher.seconds(clock.instant());
        return new HeldRequest(
                digest, priority, new WaitingRequest(-digest, now, now + 3600, 10, LengthForecast.exactly(tokens)));
    }
}
