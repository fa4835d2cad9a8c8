package dev.littoral.algorithms.routing;

/** What is to happen with a request that waits. */
public sealed interface Verdict {

    /**
     * Run it at once.
     *
     * @param expectedSeconds until its last token
     */
    record Start(String agent, double expectedSeconds) implements Verdict {}

    /**
     * Give it to this agent's own queue: it waits there for a slot, in order of arrival, and is not asked about again.
     *
     * @param expectedSeconds until its last token, the wait included
     */
    record Queue(String agent, double expectedSeconds) implements Verdict {}

    /** Ask again when something has changed. */
    record Hold() implements Verdict {}

    /**
     * Tell the sender that it will not be answered.
     *
     * @param expectedSeconds until its last token if it were
     */
    record Refuse(RefusalReason reason, double expectedSeconds) implements Verdict {}
}
