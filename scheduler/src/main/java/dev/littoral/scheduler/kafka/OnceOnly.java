package dev.littoral.scheduler.kafka;

import dev.littoral.scheduler.request.Cancellation;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Remembers the ids that run and the last ones that were answered, so that each is answered once. */
@Singleton
class OnceOnly {

    /** A request that runs; {@code answered} says at its end whether its final response is safe, or was left to others. */
    record Run(Cancellation cancellation, CompletableFuture<Boolean> answered) {

        static Run begin() {
            return new Run(new Cancellation(), new CompletableFuture<>());
        }
    }

    private final Map<String, Run> running = new HashMap<>();
    private final Map<String, Boolean> finished;

    OnceOnly(KafkaSettings settings) {
        int remembered = settings.rememberedIds();
        finished = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > remembered;
            }
        };
    }

    /** Begins a request, or returns the promise of the one that runs or ran under the same id. */
    synchronized Optional<CompletableFuture<Boolean>> begin(String id, Run run) {
        if (finished.containsKey(id)) {
            return Optional.of(CompletableFuture.completedFuture(true));
        }
        return Optional.ofNullable(running.putIfAbsent(id, run)).map(Run::answered);
    }

    /** Says that the final response is safe. */
    void end(String id, Run run) {
        synchronized (this) {
            running.remove(id, run);
            finished.put(id, true);
        }
        run.answered().complete(true);
    }

    /** Says that the request ends here without a final response, since another scheduler runs it. */
    void leave(String id, Run run) {
        synchronized (this) {
            running.remove(id, run);
        }
        run.answered().complete(false);
    }

    /** Notes a final response that another scheduler, or this one before it was started anew, has written. */
    synchronized void remember(String id) {
        finished.put(id, true);
    }

    synchronized Optional<Cancellation> running(String id) {
        return Optional.ofNullable(running.get(id)).map(Run::cancellation);
    }
}
