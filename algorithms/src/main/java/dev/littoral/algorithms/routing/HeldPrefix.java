package dev.littoral.algorithms.routing;

/** Tells how much of a prompt an agent need not read. */
@FunctionalInterface
public interface HeldPrefix {

    /** Holds nothing. */
    HeldPrefix NOTHING = request -> 0;

    /** Gives the tokens at the prompt's beginning that the agent holds from another prompt, 0 or more. */
    double tokens(WaitingRequest request);
}
