package dev.littoral.algorithms.routing;

/**
 * One agent at the moment of a decision.
 *
 * @param agent its name
 * @param freeSlots sequences that could start at once
 * @param runningSequences sequences that hold a slot
 * @param backlogSeconds sum over those sequences of the time that each still needs alone, in seconds
 * @param prefillTokensPerSecond measured rate of reading a prompt
 * @param decodeTokensPerSecond measured rate of writing one answer alone
 */
public record AgentLoad(
        String agent,
        int freeSlots,
        int runningSequences,
        double backlogSeconds,
        double prefillTokensPerSecond,
        double decodeTokensPerSecond) {

    /** Rejects loads on which no sum can be done. */
    public AgentLoad {
        if (freeSlots < 0 || runningSequences < 0) {
            throw new IllegalArgumentException(
                    "freeSlots and runningSequences must not be negative: " + freeSlots + ", " + runningSequences);
        }
        if (!(backlogSeconds >= 0 && backlogSeconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("backlogSeconds must be finite, 0 or more: " + backlogSeconds);
        }
        if (!positive(prefillTokensPerSecond) || !positive(decodeTokensPerSecond)) {
            throw new IllegalArgumentException(
                    "rates must be finite and positive: " + prefillTokensPerSecond + ", " + decodeTokensPerSecond);
        }
    }

    private static boolean positive(double rate) {
        return rate > 0 && rate < Double.POSITIVE_INFINITY;
    }
}
