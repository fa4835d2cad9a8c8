package dev.littoral.agent.serve;

import dev.littoral.protocol.agent.v1.GenerateRequest;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * Is the moment after which an answer is of no use, on the process's own monotonic clock.
 *
 * @param atNanos by {@link System#nanoTime()}
 */
public record Deadline(long atNanos) {

    private static final long FARTHEST_MILLIS = TimeUnit.DAYS.toMillis(365);

    /** Takes the time that is left where the request says it, else its deadline. */
    static Deadline of(GenerateRequest request, Clock clock) {
        return request.getTimeLeftMillis() > 0
                ? in(Math.min(request.getTimeLeftMillis(), FARTHEST_MILLIS))
                : ofEpochMillis(request.getDeadlineEpochMillis(), clock);
    }

    /** Takes milliseconds since 1970, 0 for none. */
    public static Deadline ofEpochMillis(long epochMillis, Clock clock) {
        long millis = epochMillis == 0
                ? FARTHEST_MILLIS
                : Math.clamp(saturatedDifference(epochMillis, clock.millis()), -1, FARTHEST_MILLIS);
        return in(millis);
    }

    private static Deadline in(long millis) {
        return new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static long saturatedDifference(long a, long b) {
        return a < 0 ? -1 : a - b;
    }

    /** Gives how long an answer may still take, negative once it passed. */
    public long remainingNanos() {
        return atNanos - System.nanoTime();
    }

    /** Says whether the moment is over. */
    public boolean passed() {
        return remainingNanos() <= 0;
    }

    /** Throws {@link DeadlinePassed} once the moment is over. */
    public void check() {
        if (passed()) {
            throw new DeadlinePassed();
        }
    }
}
