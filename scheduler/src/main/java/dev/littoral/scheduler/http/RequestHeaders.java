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

    /** What they say; the deadline is absent when none is named. */
    record Sound(Optional<Instant> deadline, int priority, Optional<TraceContext> trace) implements RequestHeaders {}

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
        try {
            int priority = Optional.ofNullable(headers.get(PRIORITY))
                    .map(text -> Integer.parseInt(text.strip()))
                    .orElse(0);
            return new Sound(deadline, priority, TraceContext.read(name -> Optional.ofNullable(headers.get(name))));
        } catch (NumberFormatException e) {
            return unreadable(PRIORITY, "a 32-bit integer");
        }
    }

    private static Unreadable unreadable(String header, String wanted) {
        return new Unreadable(
                Outcome.Refused.of(ErrorCode.INVALID_REQUEST, "header " + header + " must be " + wanted, header));
    }
}
