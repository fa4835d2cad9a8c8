package dev.littoral.engine.jinja;

/** Tells that a template cannot be read, and in which line. */
final class SyntaxFault extends RuntimeException {

    private final int line;

    SyntaxFault(int line, String message) {
        super(message, null, false, false);
        this.line = line;
    }

    int line() {
        return line;
    }
}
