package dev.littoral.scheduler.fleet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Bounds for how long a free slot is left to a request of another scheduler: one that does not take it, since that scheduler
 * cannot reach the agent, does not keep it from others. Guarded by the queue's lock.
 */
final class Courtesy {

    private final Map<Long, Double> since = new HashMap<>();

    /** Returns those that a slot may be left to, for so long at most. */
    List<HeldRequest> due(List<HeldRequest> told, double nowSeconds, double patienceSeconds) {
        if (since.isEmpty()) {
            return told;
        }
        since.keySet().retainAll(told.stream().map(HeldRequest::digest).collect(Collectors.toSet()));
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
}
