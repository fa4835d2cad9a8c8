package dev.littoral.agent.serve;

import dev.littoral.protocol.agent.v1.Delta;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.Started;
import dev.littoral.protocol.agent.v1.TokenChoice;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;

/** Carries one answer from whatever gives it to the call that asked for it, on a thread of its own. */
final class AnswerCall implements Runnable, AnswerReader {

    private final Answering answering;
    private final AnswerWriter writer;
    private final Patience patience;
    private final Observations observations;
    private final long arrivedNanos = System.nanoTime();
    private boolean promptCounted;

    /** Makes one that waits for its reader with {@code patience}. */
    AnswerCall(Answering answering, AnswerWriter writer, Patience patience, Observations observations) {
        this.answering = answering;
        this.writer = writer;
        this.patience = patience;
        this.observations = observations;
    }

    /** Frees the slot, from any thread. */
    void cancel() {
        writer.cancel();
        answering.close();
    }

    @Override
    public void run() {
        String outcome;
        try {
            Finished finished = answering.answer(this);
            outcome = finished.getReason().name();
            countPrompt(finished.getPromptTokens());
            answering.close(); // before the reader hears of the end, so that it finds the slot free
            writer.write(GenerateEvent.newBuilder().setFinished(finished).build());
            writer.complete();
        } catch (RuntimeException | Error e) { // whoever waits hears of memory that is out, too
            answering.close();
            outcome = fail(e);
        }
        observations.tokensGiven(answering.completionTokens());
        observations.answerEnded(outcome);
    }

    private String fail(Throwable e) {
        if (writer.cancelled()) {
            return "Cancelled";
        }
        StatusRuntimeException failure = Failures.of(e);
        writer.fail(failure);
        String reason =
                failure.getTrailers() == null ? null : failure.getTrailers().get(Refusal.REASON);
        return reason == null ? failure.getStatus().getCode().name() : reason;
    }

    @Override
    public void started(int promptTokens) {
        countPrompt(promptTokens);
        writer.write(GenerateEvent.newBuilder()
                .setStarted(Started.newBuilder().setPromptTokens(promptTokens))
                .build());
    }

    private void countPrompt(int promptTokens) {
        if (!promptCounted && promptTokens > 0) {
            promptCounted = true;
            observations.promptTaken(promptTokens);
        }
    }

    @Override
    public void awaitRoom() {
        writer.awaitReader(patience);
    }

    @Override
    public void firstToken() {
        observations.firstToken(Duration.ofNanos(System.nanoTime() - arrivedNanos));
    }

    @Override
    public void say(String text, int completionTokens, List<TokenChoice> tokens) {
        if (!text.isEmpty() || !tokens.isEmpty()) {
            writer.write(GenerateEvent.newBuilder()
                    .setDelta(Delta.newBuilder()
                            .setText(text)
                            .setCompletionTokens(completionTokens)
                            .addAllTokens(tokens))
                    .build());
        }
    }
}
