package dev.littoral.algorithms.routing;

/**
 * Whose a request is, and how far its sender is beyond its share.
 *
 * @param sender distinct for each key among those that wait
 * @param owedSeconds what the sender used beyond its share, in seconds of the whole fleet, 0 or more
 */
public record FairShare(long sender, double owedSeconds) {

    /** Of a request that is nobody's in particular. */
    public static final FairShare NOBODY = new FairShare(0, 0);

    /** Rejects what is no amount. */
    public FairShare {
        if (!(owedSeconds >= 0 && owedSeconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("owedSeconds must be finite, 0 or more: " + owedSeconds);
        }
    }
}
