package dev.littoral.engine.jinja;

/** A function, or a method with the value that it is of. */
record Function(String name, Body body) implements Callable {

    /** What it does. */
    interface Body {
        Object call(Arguments arguments);
    }

    @Override
    public Object call(Arguments arguments) {
        return body.call(arguments);
    }
}
