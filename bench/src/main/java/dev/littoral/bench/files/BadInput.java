package dev.littoral.bench.files;

/** What a comparison was given cannot be used: the message names the file, the place and the cure, in one line. */
public final class BadInput extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** States what is wrong. */
    public BadInput(String message) {
        super(message);
    }

    /** States what is wrong, and what brought it up. */
    public BadInput(String message, Throwable cause) {
        super(message, cause);
    }
}
