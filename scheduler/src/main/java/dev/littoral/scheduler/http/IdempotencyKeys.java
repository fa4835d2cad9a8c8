package dev.littoral.scheduler.http;

import dev.littoral.scheduler.request.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Remembers what requests with an {@code Idempotency-Key} were answered, so that one that is sent again is answered the
 * same and runs once. Bounded by number, characters and age; the oldest answers go first.
 */
final class IdempotencyKeys {

    /** Header of a request. */
    static final String HEADER = "Idempotency-Key";

    /** Header of a reply that was given before. */
    static final String REPLAYED = "Idempotency-Replayed";

    /** Longest key, in characters. */
    static final int MAX_CHARACTERS = 256;

    /** An answer and when it was begun. */
    record Kept(Outcome outcome, Instant created) {}

    /** What a request finds under its key. */
    sealed interface Start {

        /** Nothing: it is to be run, and its end told to {@link IdempotencyKeys#end}. */
        record Fresh(CompletableFuture<Optional<Kept>> promise) implements Start {}

        /** The same request; without an answer in the end it is to begin anew. */
        record Again(CompletableFuture<Optional<Kept>> answer) implements Start {}

        /** Another request. */
        record Other() implements Start {}
    }

    private record Entry(String bodyDigest, CompletableFuture<Optional<Kept>> answer, Instant since) {

        int characters() {
            return answer.getNow(Optional.empty())
                    .map(kept -> kept.outcome() instanceof Outcome.Answered answered
                            ? answered.text().length()
                            : 0)
                    .orElse(0);
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final int most;
    private final long mostCharacters;
    private final Duration longest;
    private final Clock clock;
    private long characters;

    IdempotencyKeys(int most, long mostCharacters, Duration longest, Clock clock) {
        this.most = most;
        this.mostCharacters = mostCharacters;
        this.longest = longest;
        this.clock = clock;
    }

    /** Begins a request, unless one of its key runs or is remembered. */
    synchronized Start begin(String key, String bodyDigest) {
        forget();
        Entry before = entries.get(key);
        if (before == null) {
            CompletableFuture<Optional<Kept>> promise = new CompletableFuture<>();
            entries.put(key, new Entry(bodyDigest, promise, clock.instant()));
            return new Start.Fresh(promise);
        }
        return before.bodyDigest().equals(bodyDigest) ? new Start.Again(before.answer()) : new Start.Other();
    }

    /** Ends a request; without an answer that stands, it can be sent again as if it had never come. */
    void end(String key, Start.Fresh begun, Optional<Kept> kept) {
        synchronized (this) {
            Optional<Kept> standing = kept.filter(each -> stands(each.outcome()));
            begun.promise().complete(standing);
            Entry entry = entries.get(key);
            if (entry != null && entry.answer() == begun.promise()) {
                if (standing.isEmpty()) {
                    entries.remove(key);
                } else {
                    characters += entry.characters();
                }
            }
            forget();
        }
    }

    private static boolean stands(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered -> true;
            case Outcome.Refused refused ->
                switch (refused.code()) {
                    case INVALID_REQUEST, CONTEXT_EXCEEDED -> true;
                    case MODEL_NOT_FOUND, DEADLINE_EXCEEDED, CANCELLED, NO_CAPACITY, AGENT_LOST -> false;
                };
        };
    }

    private void forget() {
        Instant oldest = clock.instant().minus(longest);
        Iterator<Entry> each = entries.values().iterator();
        while (each.hasNext()) {
            Entry entry = each.next();
            boolean over = entries.size() > most
                    || characters > mostCharacters
                    || entry.since().isBefore(oldest);
            if (!over) {
                return;
            }
            if (entry.answer().isDone()) {
                characters -= entry.characters();
                each.remove();
            }
        }
    }
}
