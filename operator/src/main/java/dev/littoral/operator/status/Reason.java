package dev.littoral.operator.status;

/** Why something is as it is: one CamelCase word from a closed set, documented in docs/reference/status.md. */
public interface Reason {

    /** The word itself. */
    String name();
}
