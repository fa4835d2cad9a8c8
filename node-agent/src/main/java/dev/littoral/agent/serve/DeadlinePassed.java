package dev.littoral.agent.serve;

/** Tells that a request's deadline came before its next token. */
public final class DeadlinePassed extends RuntimeException {

    DeadlinePassed() {
        super("the deadline passed", null, false, false);
    }
}
