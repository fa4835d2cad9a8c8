package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Tells what is refused for long from what is refused for a moment. */
final class LongRefusal {

    private final Duration patience;
    private final LongSupplier nanoTime;
    private OptionalLong since = OptionalLong.empty();
    private boolean said;

    /**
     * Nothing is refused yet.
     *
     * @param patience after which a refusal is long
     */
    LongRefusal(Duration patience, LongSupplier nanoTime) {
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    /** Notes a refusal; true once, when nothing was taken for longer than there is patience. */
    synchronized boolean refused() {
        long now = nanoTime.getAsLong();
        if (since.isEmpty()) {
            since = OptionalLong.of(now);
        }
        boolean say = !said && now - since.getAsLong() > patience.toNanos();
        said |= say;
        return say;
    }

    /** Notes that something was taken; true when it was said to be refused for long. */
    synchronized boolean taken() {
        boolean over = said;
        since = OptionalLong.empty();
        said = false;
        return over;
    }
}
