package dev.littoral.scheduler.traffic;

import dev.littoral.protocol.events.SchedulerTelemetry;
import dev.littoral.protocol.events.SchedulerTelemetry.Traffic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Remembers what each scheduler last said of its traffic, this one included. */
public final class TrafficBoard {

    /** Most schedulers that are listened to; beyond it the ones that were heard first keep their place. */
    public static final int MOST_SCHEDULERS = 32;

    private record Heard(SchedulerTelemetry telemetry, long nanos) {}

    private final Map<String, Heard> byScheduler = new HashMap<>();
    private final LongSupplier nanoTime;
    private final long maxAgeNanos;

    /** Forgets a scheduler of which nothing was heard for {@code maxAge}. */
    public TrafficBoard(LongSupplier nanoTime, Duration maxAge) {
        this.nanoTime = nanoTime;
        this.maxAgeNanos = maxAge.toNanos();
    }

    /** Notes what a scheduler says; false when so many speak that it is not listened to. */
    public synchronized boolean heard(SchedulerTelemetry telemetry) {
        if (!byScheduler.containsKey(telemetry.scheduler()) && byScheduler.size() >= MOST_SCHEDULERS) {
            forget();
            if (byScheduler.size() >= MOST_SCHEDULERS) {
                return false;
            }
        }
        byScheduler.put(telemetry.scheduler(), new Heard(telemetry, nanoTime.getAsLong()));
        return true;
    }

    /** Notes what this scheduler says itself, however many others speak. */
    synchronized void own(SchedulerTelemetry telemetry) {
        byScheduler.put(telemetry.scheduler(), new Heard(telemetry, nanoTime.getAsLong()));
    }

    /** Says whether another scheduler than this one was heard of late. */
    public synchronized boolean others(String scheduler) {
        forget();
        return byScheduler.keySet().stream().anyMatch(each -> !each.equals(scheduler));
    }

    /** Returns the traffic of each deployment over all schedulers. */
    public synchronized Map<String, Traffic> total() {
        forget();
        Map<String, Traffic> total = new HashMap<>();
        byScheduler
                .values()
                .forEach(heard -> heard.telemetry()
                        .deployments()
                        .forEach((deployment, traffic) -> total.merge(
                                deployment,
                                traffic,
                                (a, b) -> new Traffic(
                                        a.tokensPerSecond() + b.tokensPerSecond(), a.waiting() + b.waiting()))));
        return total;
    }

    /** Says whether this scheduler writes for all: the one of the least name among those that are heard, itself included. */
    public synchronized boolean writes(String scheduler) {
        forget();
        return byScheduler.containsKey(scheduler)
                && byScheduler.keySet().stream().allMatch(each -> scheduler.compareTo(each) <= 0);
    }

    private void forget() {
        long now = nanoTime.getAsLong();
        byScheduler.values().removeIf(heard -> now - heard.nanos() > maxAgeNanos);
    }
}
