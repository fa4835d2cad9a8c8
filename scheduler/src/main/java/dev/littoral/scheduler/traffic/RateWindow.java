package dev.littoral.scheduler.traffic;

import java.time.Duration;
import java.util.Arrays;

/** Counts what happens per second over the last slices of time. Guarded by its owner. */
final class RateWindow {

    private static final int SLICES = 10;

    private final long[] counts = new long[SLICES];
    private final long sliceNanos;
    private long newest;

    /** Counts over {@code window}, from {@code nowNanos} on. */
    RateWindow(Duration window, long nowNanos) {
        this.sliceNanos = Math.max(1, window.toNanos() / SLICES);
        this.newest = Math.floorDiv(nowNanos, sliceNanos);
    }

    void add(long count, long nowNanos) {
        advance(nowNanos);
        counts[slot(newest)] += count;
    }

    double perSecond(long nowNanos) {
        advance(nowNanos);
        return Arrays.stream(counts).sum() * 1e9 / (SLICES * sliceNanos);
    }

    private void advance(long nowNanos) {
        long now = Math.floorDiv(nowNanos, sliceNanos);
        for (long slice = Math.max(newest + 1, now - SLICES + 1); slice <= now; slice++) {
            counts[slot(slice)] = 0;
        }
        newest = Math.max(newest, now);
    }

    private static int slot(long slice) {
        return Math.floorMod(slice, SLICES);
    }
}
