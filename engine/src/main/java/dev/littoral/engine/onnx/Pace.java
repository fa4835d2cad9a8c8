package dev.littoral.engine.onnx;

import java.time.Duration;

/**
 * Measures steps and sizes the pieces of prompts by it, so that one does not hold up decoding sequences for longer than
 * a bound; used by one thread at a time.
 */
final class Pace {

    /** Fewer rows than these cost nearly as much as these: a bound that is shorter does not hold. */
    static final int LEAST_ROWS = 8;

    private final long boundNanos;
    private final int mostRows;
    private double nanosPerRow;
    private long decodeNanos;

    Pace(Duration bound, int mostRows) {
        this.boundNanos = bound.toNanos();
        this.mostRows = mostRows;
    }

    /**
     * Gives the rows of a prompt to run next.
     *
     * @param othersDecode whether another sequence is open whose prompt has run: it may ask for its next row at any time
     */
    int promptRows(boolean othersDecode) {
        if (!othersDecode) {
            return mostRows;
        }
        long fitting = nanosPerRow == 0 ? LEAST_ROWS : (long) (boundNanos / nanosPerRow);
        return Math.clamp(fitting, Math.min(LEAST_ROWS, mostRows), mostRows);
    }

    /** Notes a piece of a prompt; the longer time counts at once, the shorter by and by. */
    void promptRan(int rows, long nanos) {
        double now = (double) nanos / rows;
        nanosPerRow = now > nanosPerRow ? now : 0.75 * nanosPerRow + 0.25 * now;
    }

    void decodeRan(long nanos) {
        decodeNanos = nanos;
    }

    /** Gives how long it pays to wait for sequences that are about to ask for their next row. */
    long gatherNanos() {
        return decodeNanos / 2;
    }
}
