package dev.littoral.scheduler.request;

/** Says why a sound request was dropped; doubles as a metric label. The words of the header are those of llm-d. */
public enum DropReason {
    /** Too many requests wait. */
    QueueFull("rejected-saturated"),
    /** Too many bytes of requests are held. */
    BytesHeld("rejected-saturated"),
    /** Nothing came free within the sender's patience. */
    WaitedTooLong("rejected-saturated"),
    /** No replica is ready. */
    NoReplica("rejected-saturated"),
    /** Too many waited, and one of a higher priority came. */
    Outranked("evicted-priority"),
    /** Too many waited, most of them of this key, and one of another key came. */
    BeyondItsShare("evicted-fairness"),
    /** The deadline passed. */
    DeadlinePassed("rejected-ttl-expired"),
    /** No agent can end it before its deadline any more. */
    DeadlineOutOfReach("rejected-ttl-expired");

    private final String word;

    DropReason(String word) {
        this.word = word;
    }

    /** Returns the word of the header. */
    public String word() {
        return word;
    }
}
