package dev.littoral.scheduler.request;

import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.TokenChoice;
import dev.littoral.scheduler.agents.AgentClient;
import dev.littoral.scheduler.fleet.Lease;
import dev.littoral.scheduler.fleet.Slots;
import java.util.List;

/** One answer over at most two attempts, and what its reader has seen of it. */
final class AnswerInProgress {

    private static final int MOST_ATTEMPTS = 2;

    private final InferenceRequest request;
    private final AnswerSink sink;
    private final Continuation continuation = new Continuation();
    private final ToldTokens tokens = new ToldTokens();
    private int attempt = 1;
    private boolean running;
    private boolean announced;
    private int seen;

    AnswerInProgress(InferenceRequest request, AnswerSink sink) {
        this.request = request;
        this.sink = sink;
    }

    /** Says whose it is: by the sender's terms, else by the user that the body names. */
    Slots.Sender sender(Terms terms) {
        return new Slots.Sender(
                request.id(), terms.key().isEmpty() ? request.user().orElse("") : terms.key());
    }

    /** Counts the tokens that came, of the attempt that got furthest. */
    int seen() {
        return seen;
    }

    int attempt() {
        return attempt;
    }

    /** Returns what takes the events of an attempt; it says false when the answer cannot go on with this reader. */
    AgentClient.EventReader reader(Lease lease) {
        return new AgentClient.EventReader() {
            @Override
            public boolean read(GenerateEvent event) throws InterruptedException, ReaderGone {
                return AnswerInProgress.this.read(event, lease, false);
            }

            @Override
            public boolean readLast(GenerateEvent event) throws InterruptedException, ReaderGone {
                return AnswerInProgress.this.read(event, lease, true);
            }
        };
    }

    private boolean read(GenerateEvent event, Lease lease, boolean last) throws InterruptedException, ReaderGone {
        lease.heard();
        boolean more = taken(event, lease, last);
        lease.listens();
        return more;
    }

    private boolean taken(GenerateEvent event, Lease lease, boolean last) throws InterruptedException, ReaderGone {
        return switch (event.getEventCase()) {
            case STARTED -> {
                // an agent may say so before it reads the prompt
                lease.started();
                start();
                yield true;
            }
            case DELTA -> {
                lease.progress(event.getDelta().getCompletionTokens());
                seen = Math.max(seen, event.getDelta().getCompletionTokens());
                start();
                yield piece(
                        event.getDelta().getText(),
                        tokens.accept(event.getDelta().getTokensList()),
                        last);
            }
            case FINISHED -> {
                Finished finished = event.getFinished();
                if (!lease.read() && finished.getReason() != dev.littoral.protocol.agent.v1.FinishReason.DEADLINE) {
                    lease.progress(finished.getCompletionTokens());
                }
                yield true;
            }
            case EVENT_NOT_SET -> true;
        };
    }

    private void start() throws InterruptedException, ReaderGone {
        running = true;
        if (!announced) {
            announced = true;
            sink.started(request);
        }
    }

    private boolean piece(String text, List<TokenChoice> fresh, boolean last) throws InterruptedException, ReaderGone {
        switch (continuation.accept(text)) {
            case Continuation.Step.Forward forward -> {
                if (!forward.text().isEmpty() || !fresh.isEmpty()) {
                    Piece piece = new Piece(0, forward.text(), fresh, tokens.offset() - ToldTokens.characters(fresh));
                    if (last) {
                        sink.lastPiece(piece);
                    } else {
                        sink.piece(piece);
                    }
                }
            }
            case Continuation.Step.Diverged diverged -> {
                if (!sink.restartable()) {
                    return false;
                }
                sink.restart(attempt);
                sink.piece(new Piece(0, continuation.takeSecond(), tokens.takeAttempt(), 0));
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
        tokens.again();
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
            sink.piece(new Piece(0, text, tokens.takeAttempt(), 0));
        }
        FinishReason reason = finished.getReason() == dev.littoral.protocol.agent.v1.FinishReason.LENGTH
                ? FinishReason.LENGTH
                : FinishReason.STOP;
        return new Outcome.Answered(
                request,
                List.of(new Outcome.Choice(text, reason, tokens.all())),
                new Usage(finished.getPromptTokens(), finished.getCompletionTokens()));
    }
}
