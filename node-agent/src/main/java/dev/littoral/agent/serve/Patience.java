package dev.littoral.agent.serve;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Waits for a condition, but neither longer than a limit nor past a deadline.
 *
 * @param limit longest wait
 */
public record Patience(Duration limit, Deadline deadline) {

    /**
     * Waits on {@code lock}, which the caller holds and which is notified at every change; returns at the limit too.
     *
     * @throws DeadlinePassed when the deadline comes first
     */
    public void await(Object lock, BooleanSupplier condition) {
        long giveUpAt = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            deadline.check();
            long nanos = Math.min(giveUpAt - System.nanoTime(), deadline.remainingNanos());
            if (giveUpAt - System.nanoTime() <= 0) {
                return;
            }
            sleep(lock, nanos);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the only caller loops
    private static void sleep(Object lock, long nanos) {
        try {
            lock.wait(Math.max(1, nanos / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
