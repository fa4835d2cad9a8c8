package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.Prices;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TurnsOfKeysTest extends QueueRig {

    @Test
    void aKeyThatFloodsDoesNotStarveAnother() throws Exception {
        SlotQueue queue = queue(HoldInOrder.shortestFirst(() -> Prices.NONE), 64);
        Slots.Grant.Slot held = slot(queue.acquire(wish("flood", 100, 0)));
        List<CompletableFuture<Slots.Grant>> flood = new ArrayList<>();
        for (int n = 1; n <= 40; n++) {
            flood.add(ask(queue, wish("flood", 100, 0)));
            int waiting = n;
            await().until(() -> queue.waiting() == waiting);
        }
        List<CompletableFuture<Slots.Grant>> few = new ArrayList<>();
        for (int n = 1; n <= 3; n++) {
            few.add(ask(queue, wish("few", 100, 0)));
            int waiting = 40 + n;
            await().until(() -> queue.waiting() == waiting);
        }

        int ofFlood = 0;
        while (few.stream().anyMatch(each -> !each.isDone())) {
            held.lease().progress(100);
            held.lease().close();
            CompletableFuture<Slots.Grant> next = next(flood, few);
            ofFlood += flood.removeIf(CompletableFuture::isDone) ? 1 : 0;
            held = slot(next.join());
            few.removeIf(CompletableFuture::isDone);
        }

        // they take turns, though all of the flood came before
        assertThat(ofFlood).isBetween(1, 8);
        held.lease().close();
    }

    @Test
    void aChargeIsSetRightThoughNobodyElseWaitsAtTheEnd() throws Exception {
        SlotQueue queue = twoSlots();
        Slots.Grant.Slot one = slot(queue.acquire(wish("first", 100, 0)));
        Slots.Grant.Slot other = slot(queue.acquire(wish("first", 100, 0)));
        CompletableFuture<Slots.Grant> shorter = ask(queue, wish("shorter", 500, 0));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> longer = ask(queue, wish("longer", 2000, 0));
        await().until(() -> queue.waiting() == 2);

        one.lease().close();
        Lease charged = slot(shorter.get()).lease();

        double owed = fairness(queue).mostOwedSeconds();
        assertThat(fairness(queue).debtors()).isEqualTo(1);
        assertThat(owed).isGreaterThan(0.5);

        other.lease().close();
        slot(longer.get());
        assertThat(queue.waiting()).isZero();
        charged.progress(10);
        charged.close();

        // it took 10 of the 500 tokens that it was charged for
        assertThat(fairness(queue).mostOwedSeconds()).isBetween(0.01 * owed, 0.03 * owed);
    }

    @Test
    void whatWasNeverBegunIsNotCharged() throws Exception {
        SlotQueue queue = twoSlots();
        Slots.Grant.Slot one = slot(queue.acquire(wish("first", 100, 0)));
        Slots.Grant.Slot other = slot(queue.acquire(wish("first", 100, 0)));
        CompletableFuture<Slots.Grant> shorter = ask(queue, wish("shorter", 500, 0));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> longer = ask(queue, wish("longer", 2000, 0));
        await().until(() -> queue.waiting() == 2);
        one.lease().close();
        Lease refused = slot(shorter.get()).lease();
        other.lease().close();
        slot(longer.get());
        assertThat(fairness(queue).debtors()).isEqualTo(1);

        refused.exhausted();
        refused.close();

        assertThat(fairness(queue).debtors()).isZero();
    }

    /** An agent with two slots, at a moment that does not pass, so that no debt fades. */
    private SlotQueue twoSlots() {
        Fleet still = new Fleet(() -> 0, Duration.ofMinutes(5), 1);
        directory.put("default", "tiny", A);
        still.described(A, description().toBuilder().setSlots(2).setFreeSlots(2).build());
        return new SlotQueue(directory, still, HoldInOrder.shortestFirst(() -> Prices.NONE), Clock.systemUTC(), 16);
    }

    private static SlotQueue.Fairness fairness(SlotQueue queue) {
        return Objects.requireNonNull(queue.fairness().get("default/tiny"));
    }

    /** Waits for the next of them that gets a slot. */
    private static CompletableFuture<Slots.Grant> next(
            List<CompletableFuture<Slots.Grant>> one, List<CompletableFuture<Slots.Grant>> other) {
        List<CompletableFuture<Slots.Grant>> all =
                Stream.concat(one.stream(), other.stream()).toList();
        await().until(() -> all.stream().anyMatch(CompletableFuture::isDone));
        return all.stream().filter(CompletableFuture::isDone).findFirst().orElseThrow();
    }
}
