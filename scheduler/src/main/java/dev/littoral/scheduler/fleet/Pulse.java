package dev.littoral.scheduler.fleet;

import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.scheduler.agents.AgentClient;
import dev.littoral.scheduler.directory.AgentRef;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Asks one agent how it is. After its first silence it gets nothing new; after three, or when nothing was heard of it for
 * three intervals, it is dead, and what it held runs elsewhere.
 */
final class Pulse {

    /** Lets time pass. */
    @FunctionalInterface
    interface Sleep {
        void sleep(Duration nap) throws InterruptedException;
    }

    private static final int SILENCES_UNTIL_DEAD = 3;

    private final AgentRef ref;
    private final AgentClient client;
    private final Fleet fleet;
    private final Duration interval;
    private final LongSupplier nanoTime;
    private final BooleanSupplier hurried;
    private long heardNanos;

    Pulse(AgentRef ref, AgentClient client, Fleet fleet, Duration interval, LongSupplier nanoTime) {
        this(ref, client, fleet, interval, nanoTime, () -> false);
    }

    /** Asks again soon also while {@code hurried}: a slot that another scheduler gave back is known by asking alone. */
    Pulse(
            AgentRef ref,
            AgentClient client,
            Fleet fleet,
            Duration interval,
            LongSupplier nanoTime,
            BooleanSupplier hurried) {
        this.hurried = hurried;
        this.ref = ref;
        this.client = client;
        this.fleet = fleet;
        this.interval = interval;
        this.nanoTime = nanoTime;
        this.heardNanos = nanoTime.getAsLong();
    }

    /** Asks once and returns how long to wait before the next time. */
    Duration ask() throws InterruptedException {
        // an agent that is about to be ready, or to come back, is what somebody waits for
        Duration soon = interval.dividedBy(4);
        Duration patience = untilDead();
        Duration timeout = patience.compareTo(soon) < 0 || patience.compareTo(interval) > 0 ? interval : patience;
        Optional<AgentDescription> said = client.describe(ref.address(), timeout);
        if (said.isPresent()) {
            heardNanos = nanoTime.getAsLong();
            fleet.described(ref, said.orElseThrow());
            return said.orElseThrow().getReady() && !hurried.getAsBoolean() ? interval : soon;
        }
        if (untilDead().isPositive()) {
            fleet.silent(ref, SILENCES_UNTIL_DEAD);
        } else {
            fleet.dead(ref);
        }
        return soon;
    }

    /** Waits as long as {@link #ask} said, or until {@code hurried}, which it looks for every quarter of an interval. */
    void pause(Duration pause, Sleep sleep) throws InterruptedException {
        Duration quarter = interval.dividedBy(4);
        Duration left = pause;
        do {
            Duration nap = left.compareTo(quarter) < 0 ? left : quarter;
            sleep.sleep(nap);
            left = left.minus(nap);
        } while (left.isPositive() && !hurried.getAsBoolean());
    }

    private Duration untilDead() {
        long past = nanoTime.getAsLong() - heardNanos;
        return interval.multipliedBy(SILENCES_UNTIL_DEAD).minusNanos(past);
    }
}
