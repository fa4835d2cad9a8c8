package dev.littoral.scheduler.fleet;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes room where too many wait: whoever is least entitled to the room leaves it to one who is more so. That is one of a
 * lower priority, or of a key that has more waiting than the newcomer's by two or more; the last that came of them.
 */
final class Displacement {

    private Displacement() {}

    /**
     * Makes room for a wish; false when nobody has to leave for it.
     *
     * @param again when it makes sense to ask again for one who has to leave
     */
    static boolean madeFor(Slots.Wish wish, Collection<Lane> lanes, Supplier<Duration> again) {
        List<Waiter> waiting = lanes.stream()
                .flatMap(lane -> lane.queue.stream())
                .filter(waiter -> waiter.grant.isEmpty())
                .toList();
        Map<String, Integer> byKey = new HashMap<>();
        waiting.forEach(waiter -> byKey.merge(waiter.wish.sender().key(), 1, Integer::sum));
        Optional<Waiter> least = waiting.stream()
                .min(Comparator.<Waiter>comparingInt(waiter -> waiter.wish.priority())
                        .thenComparingInt(waiter ->
                                -byKey.getOrDefault(waiter.wish.sender().key(), 0))
                        .thenComparingLong(waiter -> -waiter.request.id()));
        if (least.isEmpty()) {
            return false;
        }
        Waiter leaving = least.orElseThrow();
        if (leaving.wish.priority() < wish.priority()) {
            leaving.settle(new Slots.Grant.None(Slots.Reason.Outranked, again.get()));
            return true;
        }
        int theirs = byKey.getOrDefault(leaving.wish.sender().key(), 0);
        int own = byKey.getOrDefault(wish.sender().key(), 0);
        if (leaving.wish.priority() == wish.priority() && theirs > own + 1) {
            leaving.settle(new Slots.Grant.None(Slots.Reason.BeyondItsShare, again.get()));
            return true;
        }
        return false;
    }
}
