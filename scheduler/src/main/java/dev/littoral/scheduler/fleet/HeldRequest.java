package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.WaitingRequest;

/**
 * A request that waits at a scheduler and is not bound to an agent yet.
 *
 * @param digest of its id, by which it is the same at whatever scheduler it waits; at least 1
 */
public record HeldRequest(long digest, int priority, WaitingRequest request) {

    /** Largest number that every reader of JSON keeps exact. */
    private static final long MOST = (1L << 53) - 1;

    /** Gives the digest of an id or a key; at least 1. */
    public static long digest(String text) {
        long digest = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            digest = (digest ^ text.charAt(i)) * 0x100000001b3L;
        }
        // the low bits of the product alone would be a poor key
        return Math.max(1, (digest ^ (digest >>> 32)) & MOST);
    }
}
