package dev.littoral.scheduler.http;

import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.protocol.events.TraceContext;
import dev.littoral.scheduler.request.Outcome;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Reads the headers that say over HTTP what the attributes of a request event say over Kafka. */
sealed interface RequestHeaders {

    /** RFC 3339 time after which no answer is wanted. */
    String DEADLINE = "x-littoral-deadline";

    /** Integer, the larger goes first; 0 when absent. */
    String PRIORITY = "x-littoral-priority";

    /** Whose request it is; those of one id share what one of several gets. */
    String FAIRNESS_ID = "x-littoral-fairness-id";

    /** The same, as llm-d names it. */
    String FAIRNESS_ID_OF_LLM_D = "x-llm-d-inference-fairness-id";

    /** Bounds a fairness id, in characters. */
    int MOST_ID_CHARACTERS = 256;

    /** What they say; the deadline is absent when none is named, the fairness id empty. */
    record Sound(Optional<Instant> deadline, int priority, String fairnessId, Optional<TraceContext> trace)
            implements RequestHeaders {}

    /** One of them cannot be read. */
    record Unreadable(Outcome.Refused refusal) implements RequestHeaders {}

    /** Reads them. */
    static RequestHeaders read(MultiMap headers) {
        Optional<Instant> deadline;
        try {
            deadline = Optional.ofNullable(headers.get(DEADLINE))
                    .map(text -> OffsetDateTime.parse(text.strip()).toInstant());
        } catch (DateTimeException e) {
            return unreadable(DEADLINE, "an RFC 3339 time such as 2026-11-21T10:00:00Z");
        }
        String fairnessId = Optional.ofNullable(headers.get(FAIRNESS_ID))
                .or(() -> Optional.ofNullable(headers.get(FAIRNESS_ID_OF_LLM_D)))
                .map(String::strip)
                .orElse("");
        if (fairnessId.length() > MOST_ID_CHARACTERS) {
            return unreadable(FAIRNESS_ID, "at most " + MOST_ID_CHARACTERS + " characters long");
        }
        try {
            int priority = Optional.ofNullable(headers.get(PRIORITY))
                    .map(text -> Integer.parseInt(text.strip()))
                    .orElse(0);
            return new Sound(
                    deadline, priority, fairnessId, TraceContext.read(name -> Optional.ofNullable(headers.get(name))));
        } catch (NumberFormatException e) {
            return unreadable(PRIORITY, "a 32-bit integer");
        }
    }

    private static Unreadable unreadable(String header, String wanted) {
        return new Unreadable(
                Outcome.Refused.of(ErrorCode.INVALID_REQUEST, "header " + header + " must be " + wanted, header));
    }
}
