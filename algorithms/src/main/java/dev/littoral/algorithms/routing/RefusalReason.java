package dev.littoral.algorithms.routing;

/** Says why a request is refused; doubles as a metric label. */
public enum RefusalReason {
    /** No agent can end it before its deadline any more. */
    DeadlineOutOfReach,
    /** The deadline passed while it waited. */
    DeadlinePassed
}
