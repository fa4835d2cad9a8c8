package dev.littoral.algorithms.offloading;

import java.util.Arrays;

/**
 * Which device takes which request of a slot, or whether a request is held until the next one.
 *
 * <p>With load {@code W_j = sum_i x_ij w_ij} the value of an assignment, which is to be small, is
 *
 * <pre>sum_ij x_ij c_ij + sum_(i held) h_i + 1/2 sum_j W_j^2,   subject to   sum_i x_ij m_ij <= M_j</pre>
 *
 * <p>where {@code c_ij = Q_j w_ij + sum_k Z_k g_k,ij + V penalty_ij}. The source (Argus) leaves its per-slot program in the
 * abstract; ours keeps the square of the load, which the usual bound of the drift drops:
 * {@code 1/2 (Q_j + W_j)^2 - 1/2 Q_j^2 = Q_j W_j + 1/2 W_j^2}. It is what makes requests of one slot avoid each other.
 */
public final class SlotProblem {

    /** Bounds every amount of memory, so that sums of thousands of them are exact. */
    public static final long MOST_MEMORY = 1L << 50;

    private final int requests;
    private final int devices;
    private final double[] cost;
    private final double[] work;
    private final long[] memory;
    private final long[] freeMemory;
    private final double[] holdCost;

    /**
     * Copies what is given; rows are requests, columns devices.
     *
     * @param cost {@code c_ij}, in seconds squared; positive infinity where a request cannot run
     * @param work {@code w_ij}, in seconds
     * @param memory {@code m_ij}, in any unit of memory, below {@link #MOST_MEMORY}
     * @param freeMemory {@code M_j}, in the same unit
     * @param holdCost {@code h_i}, in seconds squared
     * @throws IllegalArgumentException if sizes differ or a number is none to count with
     */
    public SlotProblem(double[][] cost, double[][] work, long[][] memory, long[] freeMemory, double[] holdCost) {
        this.requests = holdCost.length;
        this.devices = freeMemory.length;
        this.cost = flat("cost", cost);
        this.work = flat("work", work);
        this.memory = flat(memory);
        this.freeMemory = freeMemory.clone();
        this.holdCost = holdCost.clone();
        check("cost", this.cost, Double.NEGATIVE_INFINITY, true);
        check("work", this.work, 0, false);
        checkMemory("memory", this.memory);
        checkMemory("freeMemory", this.freeMemory);
        closeWhereMemoryNeverSuffices();
        check("holdCost", this.holdCost, Double.NEGATIVE_INFINITY, false);
    }

    /** Counts the requests. */
    public int requests() {
        return requests;
    }

    /** Counts the devices. */
    public int devices() {
        return devices;
    }

    /** Gives the value of an assignment that keeps within memory, and positive infinity for one that does not. */
    public double value(Assignment assignment) {
        double[] load = new double[devices];
        long[] held = new long[devices];
        double sum = 0;
        for (int i = 0; i < requests; i++) {
            int j = assignment.device(i);
            if (j == Assignment.HELD) {
                sum += holdCost[i];
            } else {
                sum += cost(i, j);
                load[j] += work(i, j);
                held[j] += memory(i, j);
            }
        }
        for (int j = 0; j < devices; j++) {
            if (held[j] > freeMemory[j]) {
                return Double.POSITIVE_INFINITY;
            }
            sum += load[j] * load[j] / 2;
        }
        return sum;
    }

    double cost(int request, int device) {
        return cost[request * devices + device];
    }

    double work(int request, int device) {
        return work[request * devices + device];
    }

    long memory(int request, int device) {
        return memory[request * devices + device];
    }

    long freeMemory(int device) {
        return freeMemory[device];
    }

    double holdCost(int request) {
        return holdCost[request];
    }

    /** Tells whether the device could run the request if it had nothing else to do. */
    boolean possible(int request, int device) {
        return cost(request, device) < Double.POSITIVE_INFINITY;
    }

    private void closeWhereMemoryNeverSuffices() {
        for (int n = 0; n < cost.length; n++) {
            if (memory[n] > freeMemory[n % devices]) {
                cost[n] = Double.POSITIVE_INFINITY;
            }
        }
    }

    private double[] flat(String name, double[][] rows) {
        checkRows(name, rows.length);
        double[] flat = new double[requests * devices];
        for (int i = 0; i < requests; i++) {
            checkRow(name, i, rows[i].length);
            System.arraycopy(rows[i], 0, flat, i * devices, devices);
        }
        return flat;
    }

    private long[] flat(long[][] rows) {
        checkRows("memory", rows.length);
        long[] flat = new long[requests * devices];
        for (int i = 0; i < requests; i++) {
            checkRow("memory", i, rows[i].length);
            System.arraycopy(rows[i], 0, flat, i * devices, devices);
        }
        return flat;
    }

    private void checkRows(String name, int rows) {
        if (rows != requests) {
            throw new IllegalArgumentException("%s has %d rows for %d requests".formatted(name, rows, requests));
        }
    }

    private void checkRow(String name, int row, int numbers) {
        if (numbers != devices) {
            throw new IllegalArgumentException(
                    "%s has %d numbers for %d devices in row %d".formatted(name, numbers, devices, row));
        }
    }

    private static void checkMemory(String name, long[] amounts) {
        if (Arrays.stream(amounts).anyMatch(amount -> amount < 0 || amount >= MOST_MEMORY)) {
            throw new IllegalArgumentException(name + " holds an amount below 0 or not below " + MOST_MEMORY);
        }
    }

    private static void check(String name, double[] values, double least, boolean mayBeInfinite) {
        if (!Arrays.stream(values)
                .allMatch(value -> value >= least
                        && value > Double.NEGATIVE_INFINITY
                        && (mayBeInfinite || value < Double.POSITIVE_INFINITY))) {
            throw new IllegalArgumentException(name + " holds a number that is none to count with");
        }
    }
}
