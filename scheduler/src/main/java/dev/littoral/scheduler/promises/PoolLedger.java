package dev.littoral.scheduler.promises;

import dev.littoral.algorithms.offloading.VirtualQueue;

/**
 * The power that a pool's nodes may draw together, as a virtual queue of joules. Guarded by the book.
 *
 * <p>{@code Z <- max(Z + joules - watts x time, 0)}; with {@code Z} as large as the budget of the patience, a joule costs as
 * much delay as the pool's mean node needs to draw it.
 */
final class PoolLedger {

    private static final double RECENT_SECONDS = 60;

    final double budgetWatts;
    private VirtualQueue owed = VirtualQueue.of(0);
    private double watts;
    private double lastSeconds = Double.NaN;

    PoolLedger(double budgetWatts) {
        this.budgetWatts = budgetWatts;
    }

    void used(double nowSeconds, double joules) {
        double past = Double.isNaN(lastSeconds) ? 0 : Math.max(0, nowSeconds - lastSeconds);
        lastSeconds = nowSeconds;
        owed = owed.after(joules - budgetWatts * past);
        double keep = Math.exp(-past / RECENT_SECONDS);
        watts = past > 0 ? watts * keep + (1 - keep) * joules / past : watts;
    }

    /** Gives what a second of work costs where the node draws what the pool's nodes do on average. */
    double price(double patienceSeconds) {
        return owed.backlog() / (patienceSeconds * budgetWatts);
    }

    Standing standing(String pool, double patienceSeconds) {
        return new Standing(
                pool, Standing.Promise.PoolPower, budgetWatts, watts, owed.backlog(), price(patienceSeconds));
    }
}
