package dev.littoral.algorithms.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets senders take turns: what a sender has beyond its share, and what of its own waits before a request, is the debt with
 * which that request stands back behind others. Asked in the rule's own order, so that a sender's own requests keep it.
 *
 * <p>Start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996) as a penalty beside the others rather than as the order.
 * Ours.
 */
final class Turns {

    private final Map<Long, Double> owed = new HashMap<>();

    /** Says whether there is more than one sender. */
    static boolean several(List<WaitingRequest> waiting) {
        for (WaitingRequest each : waiting) {
            if (each.share().sender() != waiting.getFirst().share().sender()) {
                return true;
            }
        }
        return false;
    }

    /** Gives the debt of the next request in order, in seconds of the fleet, and adds the request to its sender's. */
    double take(WaitingRequest request, double fleetSeconds) {
        FairShare share = request.share();
        double before = owed.getOrDefault(share.sender(), share.owedSeconds());
        owed.put(share.sender(), before + fleetSeconds);
        return before;
    }
}
