package dev.littoral.scheduler.request;

/**
 * Takes an answer while it grows. Called by one thread; may block it until the reader has caught up. A piece whose taking is
 * interrupted is taken all the same: the answer may go on behind it, with another agent.
 */
public interface AnswerSink {

    /** Called once, when the first agent has taken the prompt. */
    void started(InferenceRequest request) throws InterruptedException, ReaderGone;

    /** Takes the text of a piece; the pieces of an attempt, put together, are the answer. */
    void text(String piece) throws InterruptedException, ReaderGone;

    /** Called with each piece of each choice; hands its text on where nothing else is made of it. */
    default void piece(Piece piece) throws InterruptedException, ReaderGone {
        text(piece.text());
    }

    /** Called with a piece behind which the answer's end is there already. */
    default void lastPiece(Piece piece) throws InterruptedException, ReaderGone {
        piece(piece);
    }

    /**
     * Takes all pieces back and starts anew; only after {@link #restartable}.
     *
     * @param attempt 2 for the first restart
     */
    void restart(int attempt);

    /** Says whether pieces that were sent can be taken back. */
    boolean restartable();
}
