package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.scheduler.request.SteadyClock;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlotLengthTest extends QueueRig {

    /** Time passes only by this. */
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void whatComesWithinASlotIsDecidedAboutTogetherAtItsEnd() throws Exception {
        SlotQueue queue = slotted(Duration.ofMillis(50));
        slot(queue.acquire(wish("first", 10, 0))).lease().close();

        // the agent is free, but the slot of the first lasts
        CompletableFuture<Slots.Grant> longer = ask(queue, wish("a", 5000, 0));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> shorter = ask(queue, wish("b", 2, 0));
        await().until(() -> queue.waiting() == 2);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));

        Slots.Grant.Slot next = slot(shorter.get());
        assertThat(longer).isNotDone();
        next.lease().close();
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));
        slot(longer.get()).lease().close();
    }

    @Test
    void withoutALengthWhatComesFirstIsDecidedAboutFirst() throws Exception {
        SlotQueue queue = slotted(Duration.ZERO);
        slot(queue.acquire(wish("first", 10, 0))).lease().close();

        Slots.Grant.Slot longer = slot(queue.acquire(wish("a", 5000, 0)));

        longer.lease().close();
    }

    private SlotQueue slotted(Duration length) {
        directory.put("default", "tiny", A);
        fleet.described(A, description());
        return new SlotQueue(
                directory,
                fleet,
                (deployment, watch) -> HoldInOrder.shortestFirst(() -> Prices.NONE),
                new RouteLog(0, 0, () -> 0),
                new SteadyClock(Clock.systemUTC(), nanos::get),
                16,
                Elsewhere.NOTHING,
                length);
    }
}
