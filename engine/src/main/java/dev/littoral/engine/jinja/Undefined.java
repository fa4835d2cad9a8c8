package dev.littoral.engine.jinja;

import java.util.function.Supplier;

/**
 * A name or attribute that there is not: prints nothing, is false, has no items; all else of it is an error.
 *
 * @param told what that error says; made only when it is wanted, since most are not
 */
record Undefined(Supplier<String> told) {

    Undefined(String message) {
        this(() -> message);
    }

    static Undefined name(String name) {
        return new Undefined(() -> "'" + name + "' is undefined");
    }

    static Undefined attribute(Object of, String name) {
        String type = TypeName.of(of);
        return new Undefined(() -> "'" + type + " object' has no attribute '" + name + "'");
    }

    String message() {
        return told.get();
    }

    Fault fault() {
        return Fault.wrong(message());
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
