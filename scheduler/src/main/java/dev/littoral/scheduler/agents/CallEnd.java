package dev.littoral.scheduler.agents;

import dev.littoral.protocol.agent.v1.Finished;

/** How a call to an agent ended. */
public sealed interface CallEnd {

    /** The agent says that it is through. */
    record Complete(Finished finished) implements CallEnd {}

    /** The reader wanted no more. */
    record Stopped() implements CallEnd {}

    /** No slot is free. */
    record Exhausted() implements CallEnd {}

    /** The agent is away, or died. */
    record Away(String message) implements CallEnd {}

    /** The agent will never serve this request; {@code reason} is CamelCase and may be empty. */
    record Rejected(String reason, String message) implements CallEnd {}

    /** The deadline passed. */
    record TooLate() implements CallEnd {}
}
