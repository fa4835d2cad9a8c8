package dev.littoral.engine.jinja;

/** Tells that a template cannot be read, and in which line. */
final class SyntaxFault extends RuntimeException {

    private final int line;
    private final String told;

    SyntaxFault(int line, String message) {
        super(message, null, false, false);
        this.line = line;
        this.told = message;
    }

    int line() {
        return line;
    }

    String told() {
        return told;
    }
}
