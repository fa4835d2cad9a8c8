package dev.littoral.agent.serve;

import dev.littoral.protocol.agent.v1.Finished;

/** Answers one prompt; used by one thread, closed by any. */
public interface Answering extends AutoCloseable {

    /**
     * Takes a slot and gives the answer to {@code reader} as it grows.
     *
     * @return how it ended
     * @throws io.grpc.StatusRuntimeException or another exception that {@link Failures} knows when there is none
     */
    Finished answer(AnswerReader reader);

    /** Counts the tokens of the answer so far. */
    int completionTokens();

    /** Frees the slot at once; {@link #answer} ends with an exception if it still runs or comes later. */
    @Override
    void close();
}
