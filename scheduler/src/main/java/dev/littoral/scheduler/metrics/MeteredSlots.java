package dev.littoral.scheduler.metrics;

import dev.littoral.scheduler.fleet.Slots;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Measures how long requests wait for a slot, by how the wait ended. */
public final class MeteredSlots implements Slots {

    private final Slots slots;
    private final MeterRegistry meters;
    private final Map<String, Timer> byOutcome = new ConcurrentHashMap<>();

    /** Measures these slots. */
    public MeteredSlots(Slots slots, MeterRegistry meters) {
        this.slots = slots;
        this.meters = meters;
    }

    @Override
    public Grant acquire(Wish wish) throws InterruptedException {
        long start = System.nanoTime();
        String outcome = "Cancelled";
        try {
            Grant grant = slots.acquire(wish);
            outcome = switch (grant) {
                case Grant.Slot slot -> "Granted";
                case Grant.None none -> none.reason().name();
                case Grant.OutOfReach far -> "DeadlineOutOfReach";
            };
            return grant;
        } finally {
            byOutcome
                    .computeIfAbsent(
                            outcome, each -> meters.timer("littoral.scheduler.queue.duration", "outcome", each))
                    .record(Duration.ofNanos(System.nanoTime() - start));
        }
    }
}
