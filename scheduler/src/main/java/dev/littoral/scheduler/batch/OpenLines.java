package dev.littoral.scheduler.batch;

import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;

/** Lines of a batch that were asked and have not ended; there is room for so many. */
final class OpenLines {

    private final BitSet open = new BitSet();
    private final int most;

    /**
     * Begins with those that were asked before.
     *
     * @param asked lines from 0 on that the broker has
     */
    OpenLines(int most, int asked, BatchResults results) {
        this.most = most;
        for (int line = 0; line < asked; line++) {
            open.set(line, !results.has(line));
        }
    }

    /** Waits so long for room; false when there is none. */
    synchronized boolean open(int line, Duration wait) throws InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        while (open.cardinality() >= most) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        open.set(line);
        return true;
    }

    /** Gives the room of a line back, if it has one. */
    synchronized void end(int line) {
        open.clear(line);
        notifyAll();
    }
}
