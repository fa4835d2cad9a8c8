package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.ServiceFit;
import dev.littoral.algorithms.routing.ServiceTimes;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The prompts that one agent got from this scheduler and has not read yet. It is taken to read one after the other, so that
 * the time of each is told once. Guarded by the fleet's lock.
 */
final class Reading {

    /** Share of a prompt that is taken to be unread until its answer begins, however long it takes. */
    private static final double LEAST_LEFT = 0.05;

    private final ServiceFit fit;
    private final Set<Lease> unread = new LinkedHashSet<>();
    private double lastReadSeconds = Double.NEGATIVE_INFINITY;

    /** Tells the fit how long prompts took. */
    Reading(ServiceFit fit) {
        this.fit = fit;
    }

    void took(Lease lease) {
        unread.add(lease);
    }

    /** Notes that a prompt is read, and that the answer was written for so long by then. */
    void read(Lease lease, double nowSeconds, double writtenSeconds) {
        if (!unread.remove(lease)) {
            return;
        }
        double readAt = nowSeconds - writtenSeconds;
        double took = readAt - Math.max(lastReadSeconds, lease.beganSeconds());
        lastReadSeconds = Math.max(lastReadSeconds, readAt);
        if (lease.tellsOfReading() && took >= writtenSeconds) {
            fit.read(nowSeconds, lease.unheldTokens(), took);
        }
    }

    /** Notes that a request ended; if it was being read, nobody knows how much of the others' time it took. */
    void ended(Lease lease) {
        if (unread.remove(lease) && lease.began()) {
            unread.forEach(Lease::readBesideAnother);
        }
    }

    /** Gives the tokens of a prompt that are still to be read, by the agent's usual pace; 0 once it is read. */
    double leftTokens(Lease lease, double nowSeconds, ServiceTimes times) {
        if (!unread.contains(lease)) {
            return 0;
        }
        double whole = lease.unheldTokens();
        if (!unread.iterator().next().equals(lease)) {
            return whole;
        }
        double past = nowSeconds - Math.max(lastReadSeconds, lease.beganSeconds());
        return Math.max(LEAST_LEFT * whole, whole - past / times.secondsPerPromptToken());
    }
}
