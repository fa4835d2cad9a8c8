package dev.littoral.scheduler.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Shares places, or bytes, out between sources. Of n sources each is kept a (4 n)-th that no other may take, and
 * requests of a negative priority have at most half of all.
 */
final class Shares {

    /** So much of all, one to this, is kept for sources that have little. */
    private static final int KEPT = 4;

    private final long most;
    private final Map<Object, Long> taken = new HashMap<>();
    private long all;
    private long low;

    Shares(long most) {
        this.most = most;
    }

    /** Says whether one more may be taken, be it large, while these sources are there. */
    boolean room(Place place, Set<?> sources) {
        if (place.low() && low >= Math.max(1, most / 2)) {
            return false;
        }
        long each = most / KEPT / Math.max(1, sources.size());
        long kept = sources.stream()
                .filter(source -> !source.equals(place.source()))
                .mapToLong(source -> Math.max(0, each - taken.getOrDefault(source, 0L)))
                .sum();
        return all < most - kept;
    }

    void take(Place place, long amount) {
        change(place, amount);
    }

    void giveBack(Place place, long amount) {
        change(place, -amount);
    }

    private void change(Place place, long amount) {
        all += amount;
        low += place.low() ? amount : 0;
        long left = taken.merge(place.source(), amount, Long::sum);
        if (left == 0) {
            taken.remove(place.source());
        }
    }
}
