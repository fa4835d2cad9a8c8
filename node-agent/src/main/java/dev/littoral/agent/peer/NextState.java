package dev.littoral.agent.peer;

/** Says whether the stage after this one can be used. */
public sealed interface NextState {

    /** Is the state of the last stage: nothing follows. */
    record None() implements NextState {}

    /** Cannot be used now; {@code reason} is one word in CamelCase, {@code message} is for people. */
    record Away(String reason, String message) implements NextState {}

    /** Answers, belongs to the same plan, and begins where this stage ends. */
    record Ready(String address) implements NextState {}
}
