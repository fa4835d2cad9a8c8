package dev.littoral.algorithms.offloading;

import java.util.Arrays;

/** What a unit of each device's free memory costs a request, as the last slot found it: 0 where memory is not scarce. */
public final class MemoryPrices {

    private final double[] prices;

    private MemoryPrices(double[] prices) {
        this.prices = prices;
    }

    /** Starts without knowledge. */
    public static MemoryPrices none(int devices) {
        return new MemoryPrices(new double[devices]);
    }

    static MemoryPrices of(double[] prices) {
        return new MemoryPrices(prices.clone());
    }

    double[] copy() {
        return prices.clone();
    }

    @Override
    public String toString() {
        return Arrays.toString(prices);
    }
}
