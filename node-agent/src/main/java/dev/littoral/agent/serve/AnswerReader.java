package dev.littoral.agent.serve;

/** Takes one answer as it grows. */
public interface AnswerReader {

    /**
     * The prompt got its slot.
     *
     * @param promptTokens 0 when that is known only at the answer's end
     */
    void started(int promptTokens);

    /**
     * Waits until the reader has taken nearly all that was said before.
     *
     * @throws DeadlinePassed when the deadline comes first
     * @throws io.grpc.StatusRuntimeException when the reader takes nothing for too long
     */
    void awaitRoom();

    /** The first token is there, whether it shows or not. */
    void firstToken();

    /**
     * The answer goes on.
     *
     * @param text whole Unicode characters; nothing is sent when empty
     * @param completionTokens so far
     */
    void say(String text, int completionTokens);
}
