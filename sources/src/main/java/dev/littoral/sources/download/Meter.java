package dev.littoral.sources.download;

import dev.littoral.sources.Transfer;
import dev.littoral.sources.TransferListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** Counts bytes as they come, and says about once a second how far and how fast. Safe for use by several threads. */
public final class Meter {

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int WINDOW_SECONDS = 10;

    private final TransferListener listener;
    private final LongSupplier nanoTime;
    private final String step;
    private final long totalBytes;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private long doneBytes;

    /**
     * Begins to count.
     *
     * @param doneBytes that are here already, and do not count for the rate
     */
    public Meter(TransferListener listener, String step, long doneBytes, long totalBytes) {
        this(listener, step, doneBytes, totalBytes, System::nanoTime);
    }

    /** Begins to count by another clock; else as the other. */
    Meter(TransferListener listener, String step, long doneBytes, long totalBytes, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.listener = listener;
        this.step = step;
        this.doneBytes = doneBytes;
        this.totalBytes = totalBytes;
        marks.add(new Mark(nanoTime.getAsLong(), doneBytes));
        listener.at(new Transfer(step, doneBytes, totalBytes, 0));
    }

    /** Counts bytes; a negative number takes back what has to come again. */
    public synchronized void add(long bytes) {
        doneBytes += bytes;
        long now = nanoTime.getAsLong();
        Mark newest = marks.getLast();
        if (now - newest.nanos() >= SECOND_NANOS) {
            marks.addLast(new Mark(now, doneBytes));
            if (marks.size() > WINDOW_SECONDS) {
                marks.removeFirst();
            }
            listener.at(new Transfer(step, doneBytes, totalBytes, rate(now)));
        }
    }

    /** Says how far it is now. */
    public synchronized void tell() {
        listener.at(new Transfer(step, doneBytes, totalBytes, rate(nanoTime.getAsLong())));
    }

    private double rate(long now) {
        Mark oldest = marks.getFirst();
        double seconds = (now - oldest.nanos()) / (double) SECOND_NANOS;
        return seconds <= 0 ? 0 : Math.max(0, (doneBytes - oldest.bytes()) / seconds);
    }

    private record Mark(long nanos, long bytes) {}
}
