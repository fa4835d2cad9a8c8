package dev.littoral.scheduler.fleet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Bounds for how long free slots are left to requests of other schedulers: those that do not take them, since their
 * schedulers cannot reach the agents or make them up, do not keep them from others. A single request is left one for so long
 * at most; and once an own request has waited beside a free slot for so long, however many others were told meanwhile, the
 * lane is decided about alone until an own request has started or nothing waits beside a free slot. Then the count begins
 * anew. Guarded by the queue's lock.
 */
final class Courtesy {

    private static final double NEVER = Double.POSITIVE_INFINITY;

    private final Map<Long, Double> since = new HashMap<>();
    /** When an own request began to wait beside a free slot. */
    private double besideSeconds = NEVER;

    private boolean over;

    /** Returns those that a slot may be left to, for so long at most. */
    List<HeldRequest> due(List<HeldRequest> told, double nowSeconds, double patienceSeconds) {
        over = nowSeconds - besideSeconds > patienceSeconds;
        if (!since.isEmpty()) {
            since.keySet().retainAll(told.stream().map(HeldRequest::digest).collect(Collectors.toSet()));
        }
        if (over) {
            return List.of();
        }
        return told.stream()
                .filter(each -> nowSeconds - since.getOrDefault(each.digest(), nowSeconds) <= patienceSeconds)
                .toList();
    }

    /** Notes that a free slot is left to it. */
    void left(HeldRequest request, double nowSeconds) {
        since.putIfAbsent(request.digest(), nowSeconds);
    }

    /** Notes that none is. */
    void waits(HeldRequest request) {
        since.remove(request.digest());
    }

    /**
     * Notes how a decision ended.
     *
     * @param started whether it gave an own request a slot
     * @param beside whether an own request still waits beside a free slot while others are told
     */
    void decided(boolean started, boolean beside, double nowSeconds) {
        if (!beside || (over && started)) {
            besideSeconds = NEVER;
        }
        if (beside) {
            besideSeconds = Math.min(besideSeconds, nowSeconds);
        }
    }
}
