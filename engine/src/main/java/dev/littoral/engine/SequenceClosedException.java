package dev.littoral.engine;

/** Tells that a sequence was closed, by its owner or with its stage. */
public final class SequenceClosedException extends EngineException {

    /** Makes one. */
    public SequenceClosedException() {
        super("the sequence was closed");
    }
}
