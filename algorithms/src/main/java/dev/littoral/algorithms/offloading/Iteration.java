package dev.littoral.algorithms.offloading;

import java.util.Arrays;

/**
 * The damped answers of one slot, their loads and the prices of memory.
 *
 * <p>All shares shrink by the same factor in a round, so only that factor and the shares that grew are written.
 */
final class Iteration {

    private final SlotProblem problem;
    private final int options;
    private final double[] grown;
    private final double[] load;
    private final double[] used;
    private final double[] prices;
    private final double[] pricePerUnit;
    private final int[] answers;
    private final double scale;
    private double shrunk = 1;

    /** Starts with all requests unanswered. */
    Iteration(SlotProblem problem, double[] prices) {
        if (prices.length != problem.devices()) {
            throw new IllegalArgumentException(
                    "prices of %d devices for %d".formatted(prices.length, problem.devices()));
        }
        this.problem = problem;
        this.options = problem.devices() + 1;
        this.grown = new double[problem.requests() * options];
        this.load = new double[problem.devices()];
        this.used = new double[problem.devices()];
        this.prices = prices;
        this.pricePerUnit = new double[prices.length];
        this.answers = new int[problem.requests()];
        this.scale = spread();
        priceUnits();
    }

    /** Lets requests choose one after the other, each with the load of those before it. */
    int[] greedy() {
        for (int i = 0; i < answers.length; i++) {
            answers[i] = answer(i);
            grow(i, 1);
        }
        return answers.clone();
    }

    /** Takes one round; returns the largest change of a share. */
    double step(double damping, double priceStep) {
        for (int j = 0; j < prices.length; j++) {
            long free = problem.freeMemory(j);
            if (free > 0) {
                prices[j] = Math.max(prices[j] + priceStep * scale * (used[j] - free) / free, 0);
            }
        }
        priceUnits();
        double change = 0;
        for (int i = 0; i < answers.length; i++) {
            answers[i] = answer(i);
            change = Math.max(change, damping * (1 - share(i, answers[i])));
        }
        shrink(1 - damping);
        for (int i = 0; i < answers.length; i++) {
            grow(i, damping);
        }
        return change;
    }

    /** Takes every request's largest share. */
    int[] rounded() {
        int[] chosen = new int[answers.length];
        for (int i = 0; i < chosen.length; i++) {
            int best = Assignment.HELD;
            for (int j = 0; j < problem.devices(); j++) {
                if (share(i, j) > share(i, best)) {
                    best = j;
                }
            }
            chosen[i] = best;
        }
        return chosen;
    }

    MemoryPrices prices() {
        return MemoryPrices.of(prices);
    }

    private int answer(int request) {
        int best = Assignment.HELD;
        double least = problem.holdCost(request);
        for (int j = 0; j < problem.devices(); j++) {
            // what the others' load and the memory add is never negative
            if (problem.cost(request, j) < least) {
                double cost = against(request, j);
                if (cost < least) {
                    least = cost;
                    best = j;
                }
            }
        }
        return best;
    }

    private double against(int request, int device) {
        double work = problem.work(request, device);
        double others = load[device] - share(request, device) * work;
        return problem.cost(request, device)
                + work * (others + work / 2)
                + pricePerUnit[device] * problem.memory(request, device);
    }

    private void shrink(double factor) {
        shrunk *= factor;
        for (int j = 0; j < load.length; j++) {
            load[j] *= factor;
            used[j] *= factor;
        }
        // a damping of 1 forgets everything, and far below 1 the factor would underflow
        if (shrunk < 1e-100) {
            for (int n = 0; n < grown.length; n++) {
                grown[n] *= shrunk;
            }
            shrunk = 1;
        }
    }

    private void grow(int request, double share) {
        int device = answers[request];
        grown[request * options + device + 1] += share / shrunk;
        if (device != Assignment.HELD) {
            load[device] += share * problem.work(request, device);
            used[device] += share * problem.memory(request, device);
        }
    }

    private double share(int request, int device) {
        return grown[request * options + device + 1] * shrunk;
    }

    private void priceUnits() {
        Arrays.setAll(pricePerUnit, j -> problem.freeMemory(j) == 0 ? 0 : prices[j] / problem.freeMemory(j));
    }

    /** Averages over requests what the second-best device costs more than the best. */
    private double spread() {
        double sum = 0;
        for (int i = 0; i < answers.length; i++) {
            double best = problem.holdCost(i);
            double second = Double.POSITIVE_INFINITY;
            for (int j = 0; j < problem.devices(); j++) {
                double cost = against(i, j);
                second = Math.min(second, Math.max(cost, best));
                best = Math.min(best, cost);
            }
            sum += second < Double.POSITIVE_INFINITY ? second - best : 0;
        }
        return answers.length == 0 ? 0 : sum / answers.length;
    }
}
