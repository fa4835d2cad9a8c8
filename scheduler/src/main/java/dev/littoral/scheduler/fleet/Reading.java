package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.ServiceFit;
import dev.littoral.algorithms.routing.ServiceTimes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The prompts that one agent got from this scheduler and has not read yet. It is taken to read one after the other, so that
 * the time of each is told once. Guarded by the fleet's lock.
 */
final class Reading {

    /** Share of a prompt that is taken to be unread until its answer begins, however long it takes. */
    private static final double LEAST_LEFT = 0.05;

    /** By how much a prompt may be late before that tells of the agent's pace. */
    private static final double GRACE_SECONDS = 0.5;

    private final ServiceFit fit;
    /** How long each was expected to take when it was sent. */
    private final Map<Lease, Double> unread = new LinkedHashMap<>();

    /** When it was last done with one, read or given up. */
    private double lastReadSeconds = Double.NEGATIVE_INFINITY;

    /** Tells the fit how long prompts took. */
    Reading(ServiceFit fit) {
        this.fit = fit;
    }

    void took(Lease lease, double expectedSeconds) {
        unread.put(lease, expectedSeconds);
    }

    /** Gives when the agent can have begun to read a prompt. */
    double since(Lease lease) {
        return Math.max(lastReadSeconds, lease.beganSeconds());
    }

    /** Gives when all that it has to read is expected to be read; in the past when there is nothing. */
    double expectedEnd() {
        if (unread.isEmpty()) {
            return Double.NEGATIVE_INFINITY;
        }
        double end = since(unread.keySet().iterator().next());
        for (double seconds : unread.values()) {
            end += seconds;
        }
        return end;
    }

    /** Tells a fit of a prompt whose reading is late, as if it ended now; says whether one is. */
    boolean late(ServiceFit told, double nowSeconds) {
        if (unread.isEmpty()) {
            return false;
        }
        Map.Entry<Lease, Double> first = unread.entrySet().iterator().next();
        double past = nowSeconds - since(first.getKey());
        if (!first.getKey().listening() || past < first.getValue() + GRACE_SECONDS) {
            return false;
        }
        // of a prompt that is mostly held, only that all of it would not have taken longer
        Lease lease = first.getKey();
        told.read(
                nowSeconds,
                lease.tellsOfReading() ? lease.unheldTokens() : lease.request().promptTokens(),
                past);
        return true;
    }

    /** Notes that a prompt is read, and that the answer was written for so long by then. */
    void read(Lease lease, double nowSeconds, double writtenSeconds) {
        if (unread.remove(lease) == null) {
            return;
        }
        double readAt = nowSeconds - writtenSeconds;
        double took = readAt - since(lease);
        lastReadSeconds = Math.max(lastReadSeconds, readAt);
        if (lease.tellsOfReading() && took >= writtenSeconds) {
            fit.read(nowSeconds, lease.unheldTokens(), took);
        }
    }

    /** Notes that a request ended; if it was being read, nobody knows how much of the others' time it took. */
    void ended(Lease lease, double nowSeconds) {
        if (unread.remove(lease) != null && lease.began()) {
            lastReadSeconds = nowSeconds;
            unread.keySet().forEach(Lease::readBesideAnother);
        }
    }

    /** Gives the tokens of a prompt that are still to be read, by the agent's usual pace; 0 once it is read. */
    double leftTokens(Lease lease, double nowSeconds, ServiceTimes times) {
        if (!unread.containsKey(lease)) {
            return 0;
        }
        double whole = lease.unheldTokens();
        if (!unread.keySet().iterator().next().equals(lease)) {
            return whole;
        }
        double past = nowSeconds - since(lease);
        return Math.max(LEAST_LEFT * whole, whole - past / times.secondsPerPromptToken());
    }
}
