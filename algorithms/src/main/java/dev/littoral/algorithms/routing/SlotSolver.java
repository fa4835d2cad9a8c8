package dev.littoral.algorithms.routing;

/** Assigns the requests of a slot to agents; {@code offloading.Iodcc} is one. */
@FunctionalInterface
public interface SlotSolver {

    /** Stands for a request that is held. */
    int HELD = -1;

    /**
     * Gives the agent of each request, or {@link #HELD}, of least {@code sum_ij x_ij c_ij + sum_held h_i + 1/2 sum_j W_j^2}
     * with {@code W_j = sum_i x_ij w_ij}.
     *
     * @param cost rows are requests, columns agents; infinite where a request cannot start
     * @param work {@code w_ij}, of which the square is what those that start together take from each other
     * @param memory of each request on each agent
     * @param free memory of each agent
     * @param hold {@code h_i}
     */
    int[] solve(double[][] cost, double[][] work, long[][] memory, long[] free, double[] hold);
}
