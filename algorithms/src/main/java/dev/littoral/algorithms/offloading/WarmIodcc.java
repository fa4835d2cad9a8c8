package dev.littoral.algorithms.offloading;

import java.util.Arrays;

/** IODCC from slot to slot: each starts with the prices of memory that the last one ended with. Not for several threads. */
public final class WarmIodcc {

    private final Iodcc iodcc;
    private MemoryPrices prices = MemoryPrices.none(0);
    private int devices;

    /** Starts without prices. */
    public WarmIodcc(Iodcc iodcc) {
        this.iodcc = iodcc;
    }

    /** Gives the device of each request, or {@link Assignment#HELD}; the arguments are those of {@link SlotProblem}. */
    public int[] solve(double[][] cost, double[][] work, long[][] memory, long[] free, double[] hold) {
        if (free.length != devices) {
            devices = free.length;
            prices = MemoryPrices.none(devices);
        }
        Offloading offloading = iodcc.assign(new SlotProblem(cost, work, memory, free, hold), prices);
        prices = offloading.prices();
        int[] chosen = new int[hold.length];
        Arrays.setAll(chosen, i -> offloading.assignment().device(i));
        return chosen;
    }
}
