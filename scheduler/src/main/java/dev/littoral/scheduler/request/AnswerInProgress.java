package dev.littoral.scheduler.request;

import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.scheduler.fleet.Lease;

/** One answer over at most two attempts, and what its reader has seen of it. */
final class AnswerInProgress {

    private static final int MOST_ATTEMPTS = 2;

    private final InferenceRequest request;
    private final AnswerSink sink;
    private final Continuation continuation = new Continuation();
    private int attempt = 1;
    private boolean running;
    private boolean announced;

    AnswerInProgress(InferenceRequest request, AnswerSink sink) {
        this.request = request;
        this.sink = sink;
    }

    int attempt() {
        return attempt;
    }

    /** Takes one event; false when the answer cannot go on with this reader. */
    boolean read(GenerateEvent event, Lease lease) throws InterruptedException, ReaderGone {
        return switch (event.getEventCase()) {
            case STARTED -> {
                lease.progress(0);
                start();
                yield true;
            }
            case DELTA -> {
                lease.progress(event.getDelta().getCompletionTokens());
                start();
                yield piece(event.getDelta().getText());
            }
            case FINISHED, EVENT_NOT_SET -> true;
        };
    }

    private void start() throws InterruptedException, ReaderGone {
        running = true;
        if (!announced) {
            announced = true;
            sink.started(request);
        }
    }

    private boolean piece(String text) throws InterruptedException, ReaderGone {
        switch (continuation.accept(text)) {
            case Continuation.Step.Forward forward -> {
                if (!forward.text().isEmpty()) {
                    sink.text(forward.text());
                }
            }
            case Continuation.Step.Diverged diverged -> {
                if (!sink.restartable()) {
                    return false;
                }
                sink.restart(attempt);
                sink.text(continuation.takeSecond());
            }
        }
        return true;
    }

    /** Prepares for another agent; false when the answer has had its attempts. */
    boolean again() {
        if (!running) {
            // the agent never took the prompt: nothing was lost but time
            return true;
        }
        running = false;
        continuation.again();
        attempt++;
        return attempt <= MOST_ATTEMPTS;
    }

    /** Says whether an answer that ends now is the one that the reader has. */
    boolean whole() {
        return continuation.whole() || sink.restartable();
    }

    Outcome.Answered answered(Finished finished) throws InterruptedException, ReaderGone {
        String text = continuation.text();
        if (!continuation.whole()) {
            sink.restart(attempt);
            text = continuation.takeSecond();
            sink.text(text);
        }
        return new Outcome.Answered(
                request,
                text,
                finished.getReason() == dev.littoral.protocol.agent.v1.FinishReason.LENGTH
                        ? FinishReason.LENGTH
                        : FinishReason.STOP,
                new Usage(finished.getPromptTokens(), finished.getCompletionTokens()));
    }
}
