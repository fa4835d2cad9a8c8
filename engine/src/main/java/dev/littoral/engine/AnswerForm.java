package dev.littoral.engine;

/** Says, as one answer grows, which tokens may come next; used by one thread at a time. */
public interface AnswerForm {

    /**
     * Tells the tokens that may come next, at least one while the answer is not {@link #complete}.
     *
     * @return bit {@code token % 64} of word {@code token / 64}; what lies beyond the last word may not come. Valid until
     *     the next call; not to be written to
     */
    long[] allowed();

    /**
     * Takes the token that came.
     *
     * @throws IllegalArgumentException when it may not come
     */
    void accept(int token);

    /** Says whether nothing may follow. */
    boolean complete();
}
