package dev.littoral.scheduler.request;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * What the sender of a request will put up with.
 *
 * @param deadline after which no answer is wanted, by the wall clock
 * @param priority the larger goes first
 * @param patience longest wait for a slot
 * @param waitsForAgents whether to wait, too, while no replica is ready
 * @param key fairness id or session; empty when the sender names none
 * @param end the deadline by the clock that measures waits; the wall's until {@link #measured}
 */
public record Terms(
        Instant deadline, int priority, Duration patience, boolean waitsForAgents, String key, Instant end) {

    private static final Duration LONGEST = Duration.ofDays(365);

    /** Takes a deadline of the wall clock's, from one who names no key. */
    public Terms(Instant deadline, int priority, Duration patience, boolean waitsForAgents) {
        this(deadline, priority, patience, waitsForAgents, "");
    }

    /** Takes a deadline of the wall clock's. */
    public Terms(Instant deadline, int priority, Duration patience, boolean waitsForAgents, String key) {
        this(deadline, priority, patience, waitsForAgents, key, deadline);
    }

    /** Fixes how much time is left, at most a year: from here on it does not matter what becomes of the wall clock. */
    Terms measured(Clock wall, Clock steady) {
        Duration named = Duration.between(wall.instant(), deadline);
        Duration left = named.compareTo(LONGEST) < 0 ? named : LONGEST;
        return new Terms(
                deadline,
                priority,
                patience,
                waitsForAgents,
                key,
                steady.instant().plus(left));
    }
}
