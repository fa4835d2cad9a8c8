package dev.littoral.engine.jinja;

/**
 * A name or attribute that there is not: prints nothing, is false, has no items; all else of it is an error.
 *
 * @param message what that error says
 */
record Undefined(String message) {

    static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Object of, String name) {
        return new Undefined("'" + TypeName.of(of) + " object' has no attribute '" + name + "'");
    }

    Fault fault() {
        return Fault.wrong(message);
    }

    /** All of them are equal, as in jinja2. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 7;
    }
}
