package dev.littoral.protocol.events;

/** Says why a request record lies in the dead-letter topic; doubles as a metric label. */
public enum DeadLetterReason {
    /** The record has no value. */
    Empty,
    /** The record or an attribute is longer than the scheduler takes. */
    TooLarge,
    /** The data (or the structured event) is not one JSON object. */
    NotJson,
    /** The event has no id, so nobody could tell its answer. */
    NoId,
    /** The event's type is not that of a request. */
    UnknownType,
    /** An attribute is missing or cannot be read. */
    BadAttribute,
    /** Another request with this id, and another body, came before. */
    IdReused,
    /** Handling it failed again and again, by a fault of the scheduler's own. */
    SchedulerFailed
}
