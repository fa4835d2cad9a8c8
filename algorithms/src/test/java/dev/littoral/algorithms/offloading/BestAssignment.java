package dev.littoral.algorithms.offloading;

import java.util.Arrays;

/** The oracle: tries every assignment, but none that cannot beat the best one found. */
public final class BestAssignment {

    private final SlotProblem problem;
    private final double[] leastAfter;
    private final double[] load;
    private final long[] used;
    private final int[] devices;
    private double least = Double.POSITIVE_INFINITY;

    private BestAssignment(SlotProblem problem) {
        this.problem = problem;
        this.load = new double[problem.devices()];
        this.used = new long[problem.devices()];
        this.devices = new int[problem.requests()];
        this.leastAfter = new double[problem.requests() + 1];
        for (int i = problem.requests() - 1; i >= 0; i--) {
            double alone = problem.holdCost(i);
            for (int j = 0; j < problem.devices(); j++) {
                if (problem.possible(i, j)) {
                    alone = Math.min(alone, problem.cost(i, j) + problem.work(i, j) * problem.work(i, j) / 2);
                }
            }
            leastAfter[i] = leastAfter[i + 1] + alone;
        }
    }

    /** Gives the least value of any assignment. */
    public static double value(SlotProblem problem) {
        BestAssignment search = new BestAssignment(problem);
        search.place(0, 0);
        return search.least;
    }

    private void place(int request, double sum) {
        if (sum + leastAfter[request] >= least) {
            return;
        }
        if (request == devices.length) {
            least = problem.value(new Assignment(Arrays.copyOf(devices, devices.length)));
            return;
        }
        for (int j = 0; j < problem.devices(); j++) {
            double work = problem.work(request, j);
            long memory = problem.memory(request, j);
            if (problem.possible(request, j) && used[j] + memory <= problem.freeMemory(j)) {
                devices[request] = j;
                used[j] += memory;
                double added = problem.cost(request, j) + work * load[j] + work * work / 2;
                load[j] += work;
                place(request + 1, sum + added);
                load[j] -= work;
                used[j] -= memory;
            }
        }
        devices[request] = Assignment.HELD;
        place(request + 1, sum + problem.holdCost(request));
    }
}
