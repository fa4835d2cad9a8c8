package dev.littoral.scheduler.kafka;

import dev.littoral.scheduler.request.Cancellation;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Remembers the ids that run and the last ones that were answered, so that each is answered once. */
final class OnceOnly {

    /** A request that runs; {@code answered} completes when its final response is safe. */
    record Run(Cancellation cancellation, CompletableFuture<Void> answered) {}

    private final Map<String, Run> running = new HashMap<>();
    private final Map<String, Boolean> finished;

    OnceOnly(int remembered) {
        finished = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > remembered;
            }
        };
    }

    /** Begins a request, or returns the promise of the one that runs or ran under the same id. */
    synchronized Optional<CompletableFuture<Void>> begin(String id, Run run) {
        if (finished.containsKey(id)) {
            return Optional.of(CompletableFuture.completedFuture(null));
        }
        return Optional.ofNullable(running.putIfAbsent(id, run)).map(Run::answered);
    }

    /** Says that the final response is safe. */
    void end(String id, Run run) {
        synchronized (this) {
            running.remove(id, run);
            finished.put(id, true);
        }
        run.answered().complete(null);
    }

    synchronized Optional<Cancellation> running(String id) {
        return Optional.ofNullable(running.get(id)).map(Run::cancellation);
    }

    synchronized Collection<Cancellation> all() {
        return List.copyOf(running.values().stream().map(Run::cancellation).toList());
    }
}
