package dev.littoral.scheduler.request;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;

/**
 * Shows the wall's time of when it was made and goes on with the process's monotonic time, so that whoever sets the wall
 * clock moves no deadline. Compare its times with each other only.
 */
public final class SteadyClock extends Clock {

    private final LongSupplier nanoTime;
    private final Instant begin;
    private final long beginNanos;
    private final ZoneId zone;

    /** Begins at the wall clock's time. */
    public SteadyClock(Clock wall, LongSupplier nanoTime) {
        this(nanoTime, wall.instant(), nanoTime.getAsLong(), wall.getZone());
    }

    private SteadyClock(LongSupplier nanoTime, Instant begin, long beginNanos, ZoneId zone) {
        this.nanoTime = nanoTime;
        this.begin = begin;
        this.beginNanos = beginNanos;
        this.zone = zone;
    }

    @Override
    public Instant instant() {
        return begin.plus(Duration.ofNanos(nanoTime.getAsLong() - beginNanos));
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new SteadyClock(nanoTime, begin, beginNanos, other);
    }
}
