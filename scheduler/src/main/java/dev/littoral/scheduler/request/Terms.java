package dev.littoral.scheduler.request;

import java.time.Duration;
import java.time.Instant;

/**
 * What the sender of a request will put up with.
 *
 * @param deadline after which no answer is wanted
 * @param priority the larger goes first
 * @param patience longest wait for a slot
 * @param waitsForAgents whether to wait, too, while no replica is ready
 * @param key fairness id or session; empty when the sender names none
 */
public record Terms(Instant deadline, int priority, Duration patience, boolean waitsForAgents, String key) {

    /** Names no key. */
    public Terms(Instant deadline, int priority, Duration patience, boolean waitsForAgents) {
        this(deadline, priority, patience, waitsForAgents, "");
    }
}
