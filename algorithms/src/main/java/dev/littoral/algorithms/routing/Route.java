package dev.littoral.algorithms.routing;

/** What is to happen with a request now. */
public sealed interface Route {

    /**
     * Run it at once.
     *
     * @param expectedSeconds until its last token
     */
    record Send(String agent, double expectedSeconds) implements Route {}

    /**
     * Keep it until a slot is free; that is expected to end sooner than a slower agent that is free now.
     *
     * @param agent the one waited for
     * @param expectedSeconds until its last token, the wait included
     */
    record Hold(String agent, double expectedSeconds) implements Route {}

    /** No agent serves this model now. */
    record NoAgent() implements Route {}
}
