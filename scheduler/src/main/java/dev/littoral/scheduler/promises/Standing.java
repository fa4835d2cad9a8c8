package dev.littoral.scheduler.promises;

/**
 * How one promise stands.
 *
 * @param of the deployment or the pool, as namespace/name
 * @param promise which one
 * @param budget what may be used, in the promise's unit
 * @param used what is used of late, in the same unit
 * @param owed what was used beyond the budget so far: the virtual queue
 * @param price what one unit costs now, in seconds of delay; of a pool, what a second of work costs on average
 */
public record Standing(String of, Promise promise, double budget, double used, double owed, double price) {

    /** What is promised; doubles as a metric label. */
    public enum Promise {
        /** Joules per answer token; the debt is in joules. */
        Energy,
        /** Money per answer token; the debt is in money. */
        Money,
        /** Share of answer tokens from variants with few bits; the debt is in tokens. */
        Accuracy,
        /** Share of requests that miss their deadline; the debt is in requests. */
        Deadlines,
        /** Watts of a pool; the debt is in joules. */
        PoolPower
    }
}
