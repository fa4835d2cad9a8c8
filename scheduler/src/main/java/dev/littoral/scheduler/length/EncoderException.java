package dev.littoral.scheduler.length;

/** The sentence encoder cannot be loaded, or fails. */
public final class EncoderException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Says what fails and why. */
    public EncoderException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
