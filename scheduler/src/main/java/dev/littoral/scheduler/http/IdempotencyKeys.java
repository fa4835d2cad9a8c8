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
 * same and runs once. Bounded by number, bytes and age; the oldest answers go first.
 */
final class IdempotencyKeys {

    /** Header of a request. */
    static final String HEADER = "Idempotency-Key";

    /** Header of a reply that was given before. */
    static final String REPLAYED = "Idempotency-Replayed";

    /** Longest key, in characters. */
    static final int MAX_CHARACTERS = 256;

    /** What a request finds under its key. */
    sealed interface Start {

        /** Nothing: it is to be run, and its end told to {@link IdempotencyKeys#end}. */
        record Fresh(CompletableFuture<Optional<KeptReply>> promise) implements Start {}

        /** The same request; without an answer in the end it is to begin anew. */
        record Again(CompletableFuture<Optional<KeptReply>> answer) implements Start {}

        /** Another request. */
        record Other() implements Start {}
    }

    private record Entry(String bodyDigest, CompletableFuture<Optional<KeptReply>> answer, Instant since) {

        /** Counts what is kept of a reply, with what its entry takes beside. */
        long bytes() {
            return answer.getNow(Optional.empty())
                    .map(kept -> (long) kept.body().length + ENTRY_BYTES)
                    .orElse(0L);
        }
    }

    /** What an entry takes beside its reply: key, digest of the body, objects; on the safe side. */
    private static final int ENTRY_BYTES = 1024;

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final int most;
    private final long mostBytes;
    private final Duration longest;
    private final Clock clock;
    private long bytes;

    IdempotencyKeys(int most, long mostBytes, Duration longest, Clock clock) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.longest = longest;
        this.clock = clock;
    }

    /** Begins a request, unless one of its key runs or is remembered. */
    synchronized Start begin(String key, String bodyDigest) {
        forget();
        Entry before = entries.get(key);
        if (before == null) {
            CompletableFuture<Optional<KeptReply>> promise = new CompletableFuture<>();
            entries.put(key, new Entry(bodyDigest, promise, clock.instant()));
            return new Start.Fresh(promise);
        }
        return before.bodyDigest().equals(bodyDigest) ? new Start.Again(before.answer()) : new Start.Other();
    }

    /** Ends a request; without an answer that stands, it can be sent again as if it had never come. */
    void end(String key, Start.Fresh begun, Optional<Outcome> outcome, Instant created) {
        Optional<KeptReply> standing = Optional.empty();
        try {
            standing = outcome.filter(IdempotencyKeys::stands).map(each -> KeptReply.of(each, created));
        } finally {
            settle(key, begun, standing);
        }
    }

    private synchronized void settle(String key, Start.Fresh begun, Optional<KeptReply> standing) {
        // somebody may wait for it, be it kept or not
        begun.promise().complete(standing);
        // nobody forgets a request that has not ended, so the entry is this one's
        Optional.ofNullable(entries.get(key)).ifPresent(entry -> {
            if (standing.isEmpty() || entry.bytes() > mostBytes) {
                entries.remove(key);
            } else {
                bytes += entry.bytes();
            }
        });
        forget();
    }

    /** Counts the bytes that are kept. */
    synchronized long bytes() {
        return bytes;
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
            boolean over =
                    entries.size() > most || bytes > mostBytes || entry.since().isBefore(oldest);
            if (!over) {
                return;
            }
            if (entry.answer().isDone()) {
                bytes -= entry.bytes();
                each.remove();
            }
        }
    }
}
