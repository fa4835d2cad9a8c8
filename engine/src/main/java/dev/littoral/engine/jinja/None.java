package dev.littoral.engine.jinja;

/** Python's {@code None}. */
public enum None {
    /** The only one. */
    NONE
}
