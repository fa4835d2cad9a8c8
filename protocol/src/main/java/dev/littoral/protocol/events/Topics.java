package dev.littoral.protocol.events;

/** Names the Kafka topics that services share. */
public final class Topics {

    /** Questions: CloudEvents of type {@link EventNames#REQUEST_TYPE}. */
    public static final String REQUESTS = "littoral.requests";

    /** Answers: chunks, then exactly one final event per request. */
    public static final String RESPONSES = "littoral.responses";

    /** Request records that could not be read, with the reason in their headers. */
    public static final String DEAD_LETTERS = "littoral.requests.dlq";

    /** Wishes to stop: the record's key is the request's id, the value does not matter. */
    public static final String CANCELLATIONS = "littoral.cancellations";

    /**
     * What agents and schedulers say about themselves: JSON {@link AgentTelemetry}, {@link SchedulerTelemetry}, {@link
     * WaitingTelemetry}.
     */
    public static final String TELEMETRY = "littoral.telemetry";

    /** What schedulers learn and share; compacted, the last record of a key counts. Private to the schedulers. */
    public static final String STATE = "littoral.state";

    private Topics() {}
}
