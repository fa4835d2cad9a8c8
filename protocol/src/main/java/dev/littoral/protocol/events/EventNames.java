package dev.littoral.protocol.events;

/** Names CloudEvents types, their extension attributes, and Kafka headers. */
public final class EventNames {

    /** Prefix of a CloudEvents attribute in a Kafka header (binary mode). */
    public static final String HEADER_PREFIX = "ce_";

    /** Media type of the data (binary mode) or of the whole event (structured mode). */
    public static final String CONTENT_TYPE_HEADER = "content-type";

    /** Begins the content type of an event in structured mode. */
    public static final String STRUCTURED_MODE = "application/cloudevents";

    /** Type of a question. */
    public static final String REQUEST_TYPE = "dev.littoral.request";

    /** Type of a piece of an answer; data is an OpenAI chunk object. */
    public static final String CHUNK_TYPE = "dev.littoral.response.chunk";

    /** Type of the one event that ends a request; data is a {@link FinalResponse}. */
    public static final String FINAL_TYPE = "dev.littoral.response.final";

    /** Extension of a question: RFC 3339 time after which no answer is wanted. */
    public static final String DEADLINE = "deadline";

    /** Extension of a question: integer, the larger goes first; 0 when absent. */
    public static final String PRIORITY = "priority";

    /** Extension of an answer: id of the question. */
    public static final String REQUEST_ID = "requestid";

    /**
     * Extension of a chunk: a 64-bit integer above 0 that grows, with gaps, when the answer is begun anew: by another
     * scheduler, or since an agent was lost and its answer could not be continued word for word. A reader that sees a
     * larger attempt than before drops the text it has, and it drops chunks of a smaller one.
     */
    public static final String ATTEMPT = "attempt";

    /** Extension of a chunk: its place in its attempt, from 0. */
    public static final String SEQUENCE = "sequence";

    /**
     * Extension of a final: digest of the request's body, by which a request that comes again is told from another one
     * of the same id.
     */
    public static final String BODY_DIGEST = "bodydigest";

    /** Header of a dead letter: a {@link DeadLetterReason}. */
    public static final String REASON_HEADER = "littoral-reason";

    /** Header of a dead letter: what is wrong and how to cure it, for people. */
    public static final String MESSAGE_HEADER = "littoral-message";

    private EventNames() {}
}
