package dev.littoral.engine.jinja;

/** Ends a rendering; its line is added where it leaves the template. */
final class Fault extends RuntimeException {

    /** Why a rendering ended. */
    enum Kind {
        /** The template is wrong, or does what Python refuses. */
        WRONG,
        /** The template called {@code raise_exception}. */
        REFUSAL,
        /** The template went beyond a bound. */
        BOUND
    }

    private final Kind kind;
    private final String told;

    private Fault(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.told = message;
    }

    static Fault wrong(String message) {
        return new Fault(Kind.WRONG, message);
    }

    static Fault refusal(String message) {
        return new Fault(Kind.REFUSAL, message);
    }

    static Fault bound(String message) {
        return new Fault(Kind.BOUND, message);
    }

    Kind kind() {
        return kind;
    }

    String told() {
        return told;
    }
}
