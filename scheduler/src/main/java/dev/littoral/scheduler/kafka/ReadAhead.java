package dev.littoral.scheduler.kafka;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Keeps what is read and not begun. Of all that wait the largest priority goes first, and of these the sources take
 * turns. A source that has its share is full, so that there is room for the others.
 *
 * @param <T> a request
 */
final class ReadAhead<T> {

    /**
     * How much may wait, that of all sources together. One of n sources is full with an (n + 1)-th: what comes before it
     * is paused goes beyond.
     */
    record Bounds(int requests, long bytes) {}

    private final Bounds bounds;
    /** Those whose turn comes first are in front. */
    private final SequencedMap<Object, SourceQueue<T>> queues = new LinkedHashMap<>();

    ReadAhead(Bounds bounds) {
        this.bounds = bounds;
    }

    void add(Place place, T request) {
        queues.computeIfAbsent(place.source(), source -> new SourceQueue<>())
                .add(new SourceQueue.Waiting<>(place, request));
    }

    /** Takes the next one out for which there is room. */
    Optional<SourceQueue.Waiting<T>> next(Predicate<Place> room) {
        Optional<SourceQueue.Waiting<T>> best = Optional.empty();
        for (SourceQueue<T> queue : queues.values()) {
            Optional<SourceQueue.Waiting<T>> first = queue.first();
            if (first.isPresent()
                    && (best.isEmpty() || priority(first) > priority(best))
                    && room.test(first.orElseThrow().place())) {
                best = first;
            }
        }
        best.ifPresent(this::begin);
        return best;
    }

    private static int priority(Optional<? extends SourceQueue.Waiting<?>> waiting) {
        return waiting.orElseThrow().place().priority();
    }

    private void begin(SourceQueue.Waiting<T> waiting) {
        Object source = waiting.place().source();
        Optional.ofNullable(queues.remove(source)).ifPresent(queue -> {
            queue.begin(waiting);
            queues.putLast(source, queue);
        });
    }

    /** Notes the end of a request that was begun. */
    void end(Place place) {
        Optional.ofNullable(queues.get(place.source())).ifPresent(queue -> {
            queue.end(place.offset());
            if (queue.over()) {
                queues.remove(place.source());
            }
        });
    }

    /** Looks anew which of these sources are full, and drops what was read of others; says whether that changed anything. */
    boolean look(Set<?> sources) {
        queues.keySet().removeIf(source -> !sources.contains(source));
        long shares = sources.size() + 1L;
        boolean changed = false;
        for (SourceQueue<T> queue : queues.values()) {
            changed |= queue.look(Math.max(1, bounds.requests() / shares), Math.max(1, bounds.bytes() / shares));
        }
        return changed;
    }

    boolean full(Object source) {
        return Optional.ofNullable(queues.get(source)).map(SourceQueue::full).orElse(false);
    }

    /** Says whether more is to be read of any of these sources. */
    boolean wanted(Set<?> sources) {
        return requests() < bounds.requests()
                && bytes() < bounds.bytes()
                && (sources.isEmpty() || sources.stream().anyMatch(source -> !full(source)));
    }

    private int requests() {
        return queues.values().stream().mapToInt(SourceQueue::waiting).sum();
    }

    private long bytes() {
        return queues.values().stream().mapToLong(SourceQueue::bytes).sum();
    }
}
