package dev.littoral.agent.openai;

import dev.littoral.agent.serve.RequestRules;
import dev.littoral.protocol.agent.v1.FinishReason;
import java.util.Optional;

/** Follows one answer from its first event to its last, and refuses one that has no end. */
final class AnswerProgress {

    private static final String DONE = "[DONE]";
    private static final int EVENTS_PER_TOKEN = 4;
    private static final int MORE_EVENTS = 64;

    private final int mostTokens;
    private long events;
    private long characters;
    private int pieces;
    private boolean complete;
    private Optional<FinishReason> finish = Optional.empty();
    private Optional<Chunk.Usage> usage = Optional.empty();

    /** Expects at most {@code mostTokens} of an answer. */
    AnswerProgress(int mostTokens) {
        this.mostTokens = mostTokens;
    }

    /**
     * Takes the next event, or the body's end.
     *
     * @return what it brings; empty at the end
     * @throws io.grpc.StatusRuntimeException when the answer ends without a reason, or goes on for too long
     */
    Optional<Chunk> take(Optional<String> event) {
        if (event.isEmpty() || event.get().equals(DONE)) {
            complete = true;
            if (finish.isEmpty()) {
                throw ServerErrors.failed("ended the answer without a reason, as llama-cpp-python does when another"
                        + " request comes while interrupt_requests is on");
            }
            return Optional.empty();
        }
        Chunk chunk = Chunk.parse(event.get());
        events++;
        characters += chunk.text().length();
        if (events > (long) EVENTS_PER_TOKEN * mostTokens + MORE_EVENTS
                || characters > (long) RequestRules.MOST_CHARACTERS_PER_TOKEN * mostTokens) {
            throw ServerErrors.lied("does not end an answer of at most " + mostTokens + " tokens");
        }
        if (chunk.token()) {
            pieces++;
        }
        finish = finish.or(chunk::finish);
        // a server that counts more than was asked for counts something else
        usage = chunk.usage()
                .filter(count -> count.completionTokens() <= mostTokens)
                .or(() -> usage);
        return Optional.of(chunk);
    }

    /** Says whether the last event was taken. */
    boolean complete() {
        return complete;
    }

    /** Says whether a token came. */
    boolean begun() {
        return pieces > 0;
    }

    Optional<FinishReason> finish() {
        return finish;
    }

    /** Gives the model's own counts, as of the event that told them last. */
    Optional<Chunk.Usage> usage() {
        return usage;
    }

    /** Counts the tokens so far: the server's count where it is later, else the pieces in which the text came. */
    int completionTokens() {
        return usage.map(Chunk.Usage::completionTokens)
                .filter(count -> finish.isPresent() || count > pieces)
                .orElse(pieces);
    }
}
