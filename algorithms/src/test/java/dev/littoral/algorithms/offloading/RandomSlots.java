package dev.littoral.algorithms.offloading;

import java.util.SplittableRandom;

/** Slots as a cluster of unlike devices sees them: fast and slow devices, long and short answers, backlogs, scarce memory. */
public final class RandomSlots {

    private RandomSlots() {}

    /**
     * Draws a slot.
     *
     * @param scarcity memory that all requests want over all that is free; above 1 some must be held
     */
    public static SlotProblem draw(SplittableRandom random, int requests, int devices, double scarcity) {
        double[] speed = new double[devices];
        double[] backlog = new double[devices];
        for (int j = 0; j < devices; j++) {
            speed[j] = Math.exp(random.nextDouble(Math.log(16)));
            backlog[j] = random.nextDouble() < 0.3 ? 0 : random.nextDouble(20);
        }
        double[][] cost = new double[requests][devices];
        double[][] work = new double[requests][devices];
        long[][] memory = new long[requests][devices];
        double[] hold = new double[requests];
        long wanted = 0;
        for (int i = 0; i < requests; i++) {
            double tokens = Math.exp(random.nextDouble(Math.log(8), Math.log(1500)));
            long bytes = (long) (tokens * random.nextDouble(0.8, 1.6)) + 20;
            wanted += bytes;
            for (int j = 0; j < devices; j++) {
                work[i][j] = tokens / 60 / speed[j];
                memory[i][j] = bytes;
                boolean lacks = devices > 1 && random.nextDouble() < 0.1;
                double penalty = random.nextDouble(5);
                cost[i][j] = lacks ? Double.POSITIVE_INFINITY : backlog[j] * work[i][j] + penalty;
            }
            hold[i] = 5 + random.nextDouble(200);
        }
        long[] free = new long[devices];
        for (int j = 0; j < devices; j++) {
            free[j] = (long) (wanted / scarcity / devices * random.nextDouble(0.5, 1.5));
        }
        return new SlotProblem(cost, work, memory, free, hold);
    }
}
