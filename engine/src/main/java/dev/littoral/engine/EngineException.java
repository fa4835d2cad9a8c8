package dev.littoral.engine;

/** Tells why the engine could not do what it was asked. */
public class EngineException extends RuntimeException {

    /** Makes one with a sentence for people. */
    public EngineException(String message) {
        super(message);
    }

    /** Makes one with a sentence for people and what it came from. */
    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
