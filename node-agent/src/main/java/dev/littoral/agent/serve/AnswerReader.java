package dev.littoral.agent.serve;

import dev.littoral.protocol.agent.v1.TokenChoice;
import java.util.List;

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

    /** The answer goes on, and no tokens are to be told. */
    default void say(String text, int completionTokens) {
        say(text, completionTokens, List.of());
    }

    /**
     * The answer goes on.
     *
     * @param text whole Unicode characters
     * @param completionTokens so far
     * @param tokens told with it; nothing is sent when there is neither text nor tokens
     */
    void say(String text, int completionTokens, List<TokenChoice> tokens);
}
