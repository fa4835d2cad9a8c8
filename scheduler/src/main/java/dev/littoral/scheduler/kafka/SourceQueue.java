package dev.littoral.scheduler.kafka;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps what is read of one source and not begun, the largest priority in front, and which of its requests have no end.
 *
 * @param <T> a request
 */
final class SourceQueue<T> {

    /**
     * Runs of neighbouring offsets without an end, beyond which requests are begun in the order of their offsets: a commit
     * names each run, and all of them must fit into it ({@link Progress}).
     */
    static final int MOST_RUNS = 256;

    /** A request that waits. */
    record Waiting<T>(Place place, T request) {}

    private final TreeSet<Waiting<T>> queue = new TreeSet<>(
            Comparator.<Waiting<T>>comparingInt(each -> each.place().priority())
                    .reversed()
                    .thenComparingLong(each -> each.place().offset()));
    private final Set<Long> open = new HashSet<>();
    private int runs;
    private long bytes;
    private boolean full;

    /** Adds it once, however often it is given: where memory was short it may come again. */
    void add(Waiting<T> waiting) {
        long offset = waiting.place().offset();
        if (!open.contains(offset)) {
            queue.add(waiting);
            open.add(offset);
            runs += 1 - neighbours(offset);
            bytes += waiting.place().bytes();
        }
    }

    private int neighbours(long offset) {
        return (open.contains(offset - 1) ? 1 : 0) + (open.contains(offset + 1) ? 1 : 0);
    }

    /** Returns what is to be begun next. */
    Optional<Waiting<T>> first() {
        if (runs > MOST_RUNS) {
            return queue.stream()
                    .min(Comparator.comparingLong(each -> each.place().offset()));
        }
        return queue.isEmpty() ? Optional.empty() : Optional.of(queue.first());
    }

    /** Takes it out; it has no end yet. */
    void begin(Waiting<T> waiting) {
        if (queue.remove(waiting)) {
            bytes -= waiting.place().bytes();
        }
    }

    /** Notes the end of a request that was begun. */
    void end(long offset) {
        if (open.remove(offset)) {
            runs += neighbours(offset) - 1;
        }
    }

    int waiting() {
        return queue.size();
    }

    long bytes() {
        return bytes;
    }

    /** Says whether nothing waits here and nothing runs. */
    boolean over() {
        return open.isEmpty();
    }

    boolean full() {
        return full;
    }

    /**
     * Looks whether it has its share, from which on it is full until half of that is left; says whether that changed.
     *
     * @param most requests that may wait
     * @param mostBytes of them
     */
    boolean look(long most, long mostBytes) {
        boolean before = full;
        int part = full ? 2 : 1;
        full = !queue.isEmpty()
                && ((long) queue.size() * part >= most || bytes * part >= mostBytes || runs * part >= MOST_RUNS);
        return full != before;
    }
}
