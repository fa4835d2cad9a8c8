package dev.littoral.scheduler.peers;

import dev.littoral.protocol.events.WaitingTelemetry;
import dev.littoral.scheduler.fleet.Elsewhere;
import dev.littoral.scheduler.fleet.HeldRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * Remembers what each other scheduler last told of what waits there. Its age counts from when it was heard: up to half of the
 * longest age it stands as it is, then ever fewer of its requests count, the least pressing ones first, and then none.
 *
 * <p>A request that comes here, be it that its partition was handed over, does not count as the other's any more; one that
 * two others tell of counts once, where it was told last.
 */
public final class WaitingBoard implements Elsewhere {

    /** Most schedulers that are listened to; beyond it the ones that were heard first keep their place. */
    public static final int MOST_SCHEDULERS = 32;

    /** Says what became of a record. */
    public enum Heard {
        /** It counts from now on. */
        Taken,
        /** This scheduler told it. */
        Own,
        /** So many schedulers speak that this one is not listened to. */
        TooManySchedulers
    }

    private record Told(double atSeconds, Map<String, List<HeldRequest>> byDeployment, long more) {

        long requests() {
            return more + byDeployment.values().stream().mapToLong(List::size).sum();
        }
    }

    private final String self;
    private final DoubleSupplier nowSeconds;
    private final double maxAgeSeconds;
    private final Map<String, Told> byScheduler = new HashMap<>();
    private final Map<Long, Integer> here = new HashMap<>();
    private final Map<Long, Double> leftAt = new HashMap<>();

    /**
     * Starts without having heard anything.
     *
     * @param self this scheduler's name, whose records are left out
     * @param nowSeconds the clock of requests
     * @param maxAge of what was heard, above 0
     */
    public WaitingBoard(String self, DoubleSupplier nowSeconds, Duration maxAge) {
        if (!maxAge.isPositive()) {
            throw new IllegalArgumentException("littoral.peers.max-age must be positive: " + maxAge);
        }
        this.self = self;
        this.nowSeconds = nowSeconds;
        this.maxAgeSeconds = maxAge.toNanos() / 1e9;
    }

    /** Takes what a scheduler tells, in place of what it told before. */
    public synchronized Heard heard(WaitingTelemetry telemetry) {
        if (telemetry.scheduler().equals(self)) {
            return Heard.Own;
        }
        double now = nowSeconds.getAsDouble();
        forget(now);
        if (telemetry.waiting().isEmpty()) {
            byScheduler.remove(telemetry.scheduler());
            return Heard.Taken;
        }
        if (!byScheduler.containsKey(telemetry.scheduler()) && byScheduler.size() >= MOST_SCHEDULERS) {
            return Heard.TooManySchedulers;
        }
        Map<String, List<HeldRequest>> byDeployment = new HashMap<>();
        telemetry
                .waiting()
                .forEach((deployment, waits) -> byDeployment.put(deployment, WaitingRecords.heard(waits, now)));
        long more = telemetry.waiting().values().stream()
                .mapToLong(WaitingTelemetry.Waits::more)
                .sum();
        byScheduler.put(telemetry.scheduler(), new Told(now, byDeployment, more));
        return Heard.Taken;
    }

    /** Notes that a request is here. */
    synchronized void came(long digest) {
        here.merge(digest, 1, Integer::sum);
    }

    /** Notes that a request waits here no more; what was told of it before that is still out of date. */
    synchronized void left(long digest) {
        here.computeIfPresent(digest, (key, times) -> times > 1 ? times - 1 : null);
        double now = nowSeconds.getAsDouble();
        forget(now);
        if (!byScheduler.isEmpty()) {
            leftAt.put(digest, now);
        }
    }

    /** Counts what waits elsewhere, those that are not listed included. */
    public synchronized long waiting() {
        forget(nowSeconds.getAsDouble());
        return byScheduler.values().stream().mapToLong(Told::requests).sum();
    }

    /** Says whether others told of late of something that waits there. */
    public synchronized boolean any() {
        forget(nowSeconds.getAsDouble());
        return !byScheduler.isEmpty();
    }

    @Override
    public synchronized List<HeldRequest> waiting(String deployment) {
        if (byScheduler.isEmpty()) {
            return List.of();
        }
        double now = nowSeconds.getAsDouble();
        forget(now);
        List<HeldRequest> counted = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        byScheduler.values().stream()
                .sorted(Comparator.comparingDouble(Told::atSeconds).reversed())
                .forEach(told -> {
                    List<HeldRequest> all = told.byDeployment().getOrDefault(deployment, List.of());
                    int most = (int) Math.ceil(force(now - told.atSeconds()) * all.size());
                    for (HeldRequest each : all.subList(0, most)) {
                        boolean mine = here.containsKey(each.digest()) || leftAt.containsKey(each.digest());
                        boolean late = each.request().deadlineSeconds() <= now;
                        if (seen.add(each.digest()) && !mine && !late) {
                            counted.add(each);
                        }
                    }
                });
        return counted;
    }

    @Override
    public double patienceSeconds() {
        return maxAgeSeconds;
    }

    /** Gives the share that counts of what was heard so long ago: 1, then less, from the longest age on 0. */
    private double force(double ageSeconds) {
        return Math.clamp(2 * (1 - ageSeconds / maxAgeSeconds), 0, 1);
    }

    private void forget(double now) {
        byScheduler.values().removeIf(told -> now - told.atSeconds() >= maxAgeSeconds);
        if (byScheduler.isEmpty()) {
            leftAt.clear();
        } else {
            leftAt.values().removeIf(at -> now - at >= maxAgeSeconds);
        }
    }
}
