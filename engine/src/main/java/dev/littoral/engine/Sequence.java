package dev.littoral.engine;

/** One sequence in its slot of a stage; used by one thread at a time, closed by any. */
public interface Sequence extends AutoCloseable {

    /** Counts the positions that the cache holds. */
    int length();

    /**
     * Runs rows through the stage's layers and appends them to the cache.
     *
     * <p>Blocks while the processor computes, in native code: call it from a platform thread.
     *
     * @return valid until the next call on this sequence; read it before
     * @throws ContextExceededException when the rows do not fit; the cache is as before
     * @throws SequenceClosedException when the sequence or its stage was closed, even while this runs
     * @throws IllegalArgumentException when the input is not of this stage's kind or shape
     * @throws EngineException when the runtime fails
     */
    StageOutput forward(StageInput input);

    /** Frees the slot: at once when idle, else after the step that runs. Closing again does nothing. */
    @Override
    void close();
}
