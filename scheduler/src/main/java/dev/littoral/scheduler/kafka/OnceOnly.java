package dev.littoral.scheduler.kafka;

import dev.littoral.scheduler.request.Cancellation;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;

/**
 * Remembers the ids that run and the last ones that were answered, so that each is answered once. Partitions share the
 * room: what is too much is forgotten of the one that has the most, so each of n keeps at least an n-th.
 */
@Singleton
class OnceOnly {

    /**
     * A request that runs.
     *
     * @param partition of the requests in which it lies
     * @param answered says at its end whether its final response is safe, or was left to others
     */
    record Run(int partition, Cancellation cancellation, CompletableFuture<Boolean> answered) {

        static Run begin(int partition) {
            return new Run(partition, new Cancellation(), new CompletableFuture<>());
        }
    }

    /** What a request that begins finds. */
    sealed interface Start {

        /** Nothing: it is to be run. */
        record Fresh() implements Start {}

        /** The same request: it is done with when that one is; false when that one was left to others. */
        record Again(CompletableFuture<Boolean> answered) implements Start {}

        /** Another request of the same id. */
        record Other() implements Start {}
    }

    private record Running(String bodyDigest, Run run) {}

    private final int mostRemembered;
    private final Map<String, Running> running = new HashMap<>();
    private final CancelledIds cancelled;
    /** By partition: the digests of the bodies by id, in the order of their ends. */
    private final Map<Integer, SequencedMap<String, String>> finished = new HashMap<>();

    /** The same, of those whose requests may still be read: however many these are, none may be forgotten. */
    private final Map<Integer, Map<String, String>> recovered = new HashMap<>();

    private int remembered;

    OnceOnly(KafkaSettings settings) {
        mostRemembered = settings.rememberedIds();
        cancelled = new CancelledIds(settings.rememberedIds());
    }

    /** Begins a request unless one of its id runs or ran. */
    synchronized Start begin(String id, String bodyDigest, Run run) {
        Optional<String> before = digestOf(id);
        if (before.isPresent()) {
            return before.orElseThrow().equals(bodyDigest)
                    ? new Start.Again(CompletableFuture.completedFuture(true))
                    : new Start.Other();
        }
        Running now = running.putIfAbsent(id, new Running(bodyDigest, run));
        if (now == null) {
            if (cancelled.has(id)) {
                run.cancellation().cancel();
            }
            return new Start.Fresh();
        }
        return now.bodyDigest().equals(bodyDigest) ? new Start.Again(now.run().answered()) : new Start.Other();
    }

    private Optional<String> digestOf(String id) {
        return digestIn(finished.values(), id).or(() -> digestIn(recovered.values(), id));
    }

    private static Optional<String> digestIn(Collection<? extends Map<String, String>> some, String id) {
        for (Map<String, String> each : some) {
            String digest = each.get(id);
            if (digest != null) {
                return Optional.of(digest);
            }
        }
        return Optional.empty();
    }

    /** Says that the final response is safe. */
    void end(String id, Run run) {
        synchronized (this) {
            Running now = running.remove(id);
            note(run.partition(), id, now == null ? "" : now.bodyDigest());
        }
        run.answered().complete(true);
    }

    /** Says that the request ends here without a final response, since another scheduler runs it. */
    void leave(String id, Run run) {
        synchronized (this) {
            running.remove(id);
        }
        run.answered().complete(false);
    }

    /**
     * Notes requests of a partition that another scheduler, or this one before it was started anew, has answered.
     *
     * @param bodyDigests by id, the oldest first
     */
    synchronized void remember(int partition, Map<String, String> bodyDigests) {
        bodyDigests.forEach((id, bodyDigest) -> note(partition, id, bodyDigest));
    }

    /**
     * Notes requests that are answered though their commit does not say so: they will be read, and are remembered beside
     * all others, as many as they are, until {@link #settle}.
     *
     * @param bodyDigests by id
     */
    synchronized void recover(int partition, Map<String, String> bodyDigests) {
        recovered.computeIfAbsent(partition, number -> new HashMap<>()).putAll(bodyDigests);
    }

    /** Notes that all recovered requests of a partition were read: from now on they are remembered as others are. */
    synchronized void settle(int partition) {
        Optional.ofNullable(recovered.remove(partition)).ifPresent(each -> remember(partition, each));
    }

    /** Forgets the answered requests of a partition, which is another scheduler's from now on. */
    synchronized void forget(int partition) {
        recovered.remove(partition);
        remembered -=
                Optional.ofNullable(finished.remove(partition)).map(Map::size).orElse(0);
    }

    /** Returns how many answered requests are remembered at most, those of all partitions together. */
    int mostRemembered() {
        return mostRemembered;
    }

    private void note(int partition, String id, String bodyDigest) {
        var before = finished.computeIfAbsent(partition, number -> new LinkedHashMap<>())
                .put(id, bodyDigest);
        if (before == null) {
            remembered++;
        }
        while (remembered > mostRemembered) {
            finished.values().stream()
                    .max(Comparator.comparingInt(Map::size))
                    .orElseThrow()
                    .pollFirstEntry();
            remembered--;
        }
    }

    /** Ends a request, be it one that runs or one that is still to be begun. */
    synchronized void cancel(String id) {
        cancelled.add(id);
        Optional.ofNullable(running.get(id))
                .map(Running::run)
                .map(Run::cancellation)
                .ifPresent(Cancellation::cancel);
    }
}
