package dev.littoral.agent.serve;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * Is the moment after which an answer is of no use, on the process's own monotonic clock.
 *
 * @param atNanos by {@link System#nanoTime()}
 */
record Deadline(long atNanos) {

    private static final long FARTHEST_MILLIS = TimeUnit.DAYS.toMillis(365);

    /** Takes milliseconds since 1970, 0 for none. */
    static Deadline ofEpochMillis(long epochMillis, Clock clock) {
        long millis = epochMillis == 0
                ? FARTHEST_MILLIS
                : Math.clamp(saturatedDifference(epochMillis, clock.millis()), -1, FARTHEST_MILLIS);
        return new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static long saturatedDifference(long a, long b) {
        return a < 0 ? -1 : a - b;
    }

    long remainingNanos() {
        return atNanos - System.nanoTime();
    }

    boolean passed() {
        return remainingNanos() <= 0;
    }

    void check() {
        if (passed()) {
            throw new DeadlinePassed();
        }
    }
}
