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

    private final Map<String, Running> running = new HashMap<>();
    private final CancelledIds cancelled;
    private final Map<String, String> finished;

    OnceOnly(KafkaSettings settings) {
        cancelled = new CancelledIds(settings.rememberedIds());
        int remembered = settings.rememberedIds();
        finished = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                return size() > remembered;
            }
        };
    }

    /** Begins a request unless one of its id runs or ran. */
    synchronized Start begin(String id, String bodyDigest, Run run) {
        String before = finished.get(id);
        if (before != null) {
            return before.equals(bodyDigest)
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

    /** Says that the final response is safe. */
    void end(String id, Run run) {
        synchronized (this) {
            Running now = running.remove(id);
            finished.put(id, now == null ? "" : now.bodyDigest());
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

    /** Notes a final response that another scheduler, or this one before it was started anew, has written. */
    synchronized void remember(String id, String bodyDigest) {
        finished.put(id, bodyDigest);
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
