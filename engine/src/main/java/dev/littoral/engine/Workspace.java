package dev.littoral.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Arrays as long as the vocabulary, which choosing a token needs for a moment: five megabytes of 262,144 words. They are
 * lent, no more of them than four and than there are processors, so that an agent's heap, which is as small on a machine
 * of many processors, need not hold them for each sequence.
 */
final class Workspace implements AutoCloseable {

    private static final int MOST = 4;
    private static final Semaphore LEFT =
            new Semaphore(Math.min(MOST, Runtime.getRuntime().availableProcessors()));
    private static final Deque<Workspace> RETURNED = new ArrayDeque<>();

    private final float[] logits;
    private final float[] changed;
    private final float[] weights;
    private final long[] ranked;

    private Workspace(int words) {
        logits = new float[words];
        changed = new float[words];
        weights = new float[words];
        ranked = new long[words];
    }

    /** Takes one for a vocabulary; waits while all are in use. */
    static Workspace take(int words) {
        LEFT.acquireUninterruptibly();
        try {
            Workspace last = last();
            return last != null && last.logits.length == words ? last : new Workspace(words);
        } catch (Throwable e) {
            LEFT.release();
            throw e;
        }
    }

    private static @Nullable Workspace last() {
        synchronized (RETURNED) {
            return RETURNED.pollLast();
        }
    }

    float[] logits() {
        return logits;
    }

    float[] changed() {
        return changed;
    }

    float[] weights() {
        return weights;
    }

    long[] ranked() {
        return ranked;
    }

    /** Gives it back; what stands in it is of no use to anybody. */
    @Override
    public void close() {
        synchronized (RETURNED) {
            RETURNED.addLast(this);
        }
        LEFT.release();
    }
}
