package dev.littoral.engine.jinja;

/** What a template may call. */
interface Callable {

    /** The name that messages have. */
    String name();

    /** Calls it. */
    Object call(Arguments arguments);
}
