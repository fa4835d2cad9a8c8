package dev.littoral.algorithms.offloading;

import java.util.List;

/**
 * IODCC, the iterative offloading algorithm with damping and congestion control of Argus (arXiv 2512.22925).
 *
 * <p>From the source: requests answer the others' load with their best device, the answers are damped, and a price that
 * grows with congestion keeps them from all choosing the same device. Ours, where the source is silent: in round
 * {@code k}
 *
 * <pre>
 * lambda_j = max(lambda_j + eta s (used_j - M_j) / M_j, 0)                       price of all of a device's memory
 * r_ij     = c_ij + w_ij (W_j - p_ij w_ij) + w_ij^2 / 2 + lambda_j m_ij / M_j    cost against the load of the others
 * y_i      = onehot(argmin_j r_ij), holding included
 * p        = (1 - g) p + g y,  g = g0 / sqrt(k)
 * </pre>
 *
 * where {@code s} is the mean difference between a request's best and second-best cost, so that the step has the costs'
 * scale. Every few rounds the answers are rounded, repaired where memory does not suffice and settled by single moves;
 * the best assignment is kept, and improved at the end by {@link Descent}. It ends when no {@code p} moves by
 * {@code tolerance}.
 *
 * @param rounds most rounds, at least 1
 * @param damping {@code g0}, above 0 and at most 1
 * @param priceStep {@code eta}, above 0
 * @param tolerance change of {@code p} at which the iteration ends
 * @param evaluations most costs that are looked at to improve the assignment at the end, 0 or more; bounds the time
 */
public record Iodcc(int rounds, double damping, double priceStep, double tolerance, long evaluations) {

    private static final int ROUNDS_BETWEEN_ROUNDINGS = 10;

    /** Rejects settings with which nothing would come of it. */
    public Iodcc {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be at least 1: " + rounds);
        }
        if (!(damping > 0 && damping <= 1)) {
            throw new IllegalArgumentException("damping must lie above 0 and not above 1: " + damping);
        }
        if (!(priceStep > 0 && priceStep < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("priceStep must be positive and finite: " + priceStep);
        }
        if (evaluations < 0) {
            throw new IllegalArgumentException("evaluations must not be negative: " + evaluations);
        }
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("tolerance must not be negative: " + tolerance);
        }
    }

    /** Gives the settings that the scheduler starts with. */
    public static Iodcc standard() {
        return new Iodcc(30, 0.8, 1, 1e-3, 30_000);
    }

    /**
     * Assigns the requests of a slot.
     *
     * @param last prices that the last slot ended with
     * @throws IllegalArgumentException if {@code last} is for another number of devices
     */
    public Offloading assign(SlotProblem problem, MemoryPrices last) {
        Iteration iteration = new Iteration(problem, last.copy());
        Descent descent = new Descent(problem);
        int[] best = iteration.greedy();
        descent.settle(best);
        double least = problem.value(new Assignment(best));
        int round = 0;
        boolean moving = true;
        while (round < rounds && moving) {
            round++;
            moving = iteration.step(damping / Math.sqrt(round), priceStep) > tolerance;
            if (round % ROUNDS_BETWEEN_ROUNDINGS == 0 || !moving || round == rounds) {
                int[] next = iteration.rounded();
                descent.settle(next);
                double value = problem.value(new Assignment(next));
                if (value < least) {
                    best = next;
                    least = value;
                }
            }
        }
        for (int[] start : List.of(best, descent.filled(true), descent.filled(false))) {
            descent.settle(start);
            descent.deepen(start, evaluations / 3);
            double value = problem.value(new Assignment(start));
            if (value < least) {
                best = start;
                least = value;
            }
        }
        Assignment assignment = new Assignment(best);
        return new Offloading(assignment, problem.value(assignment), iteration.prices(), round);
    }
}
