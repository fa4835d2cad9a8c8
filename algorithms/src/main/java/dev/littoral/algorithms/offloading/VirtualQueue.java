package dev.littoral.algorithms.offloading;

/**
 * A long-term promise as a queue: what was used beyond the budget waits in it, and weighs on later decisions.
 *
 * <p>{@code Z <- max(Z + used - budget, 0)}. As long as the queue stays bounded, mean use is within the budget: over T
 * slots it exceeds it by at most {@code Z(T) / T} (Neely, <i>Stochastic Network Optimization</i>, 2010, section 4.4).
 *
 * @param backlog {@code Z}, in the promise's unit (joules, money, seconds)
 * @param budget what may be used per slot, in the same unit
 */
public record VirtualQueue(double backlog, double budget) {

    /** Rejects what is no amount. */
    public VirtualQueue {
        if (!(backlog >= 0 && backlog < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("backlog must be finite, 0 or more: " + backlog);
        }
        if (!(budget >= 0 && budget < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("budget must be finite, 0 or more: " + budget);
        }
    }

    /** Starts with nothing waiting. */
    public static VirtualQueue of(double budget) {
        return new VirtualQueue(0, budget);
    }

    /** Gives the queue after a slot in which this much was used; less than 0 is what was given back. */
    public VirtualQueue after(double used) {
        if (!Double.isFinite(used)) {
            throw new IllegalArgumentException("used must be finite: " + used);
        }
        return new VirtualQueue(Math.max(backlog + used - budget, 0), budget);
    }
}
