package dev.littoral.engine;

/** One sequence in its slot of a stage; used by one thread at a time, closed by any. */
public interface Sequence extends AutoCloseable {

    /** Counts the positions that the cache holds; a sequence opened with a known prompt begins with some. */
    int length();

    /**
     * Runs rows through the stage's layers and appends them to the cache; the last stage gives one row of logits.
     *
     * @see #forward(StageInput, int)
     */
    default StageOutput forward(StageInput input) {
        return forward(input, 1);
    }

    /**
     * Runs rows through the stage's layers and appends them to the cache.
     *
     * <p>Blocks while the processor computes, in native code: call it from a platform thread. Rows of several sequences
     * that wait at once may run together; what comes out does not depend on it.
     *
     * @param logitRows how many of the last rows the last stage gives logits of, from 1 to
     *     {@link Stage#MOST_LOGIT_ROWS} and no more than there are rows; other stages ignore it
     * @return valid until the next call on this sequence; read it before
     * @throws ContextExceededException when the rows do not fit; the cache is as before
     * @throws SequenceClosedException when the sequence or its stage was closed, even while this runs
     * @throws IllegalArgumentException when the input is not of this stage's kind or shape
     * @throws EngineException when the runtime fails
     */
    StageOutput forward(StageInput input, int logitRows);

    /**
     * Forgets all rows from a length on: the sequence is then as if they had never come.
     *
     * @param length from 0 to {@link #length()}
     * @throws IllegalArgumentException when the sequence has fewer rows
     */
    void rollBack(int length);

    /** Frees the slot: at once when idle, else after the step that runs. Closing again does nothing. */
    @Override
    void close();
}
