package dev.littoral.agent.openai;

import dev.littoral.agent.serve.AnswerReader;
import dev.littoral.agent.serve.Answering;
import dev.littoral.agent.serve.Deadline;
import dev.littoral.agent.serve.DeadlinePassed;
import dev.littoral.agent.serve.Patience;
import dev.littoral.agent.serve.Reason;
import dev.littoral.agent.serve.Refusal;
import dev.littoral.agent.serve.RequestRules;
import dev.littoral.agent.settings.ForwardSettings;
import dev.littoral.engine.SequenceClosedException;
import dev.littoral.engine.StopStrings;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers one prompt with the server: the whole request goes there, and what streams back is checked and passed on. */
final class ForwardedAnswer implements Answering {

    private final OpenAiBackend backend;
    private final GenerateRequest request;
    private final Deadline deadline;
    private final Object lock = new Object();
    private final AnswerProgress progress;
    private @Nullable ServerStream stream;
    private boolean closed;

    ForwardedAnswer(OpenAiBackend backend, GenerateRequest request, Deadline deadline) {
        this.backend = backend;
        this.request = request;
        this.deadline = deadline;
        this.progress = new AnswerProgress(mostTokens());
    }

    private int mostTokens() {
        int wanted = request.getSampling().getMaxTokens();
        int context = backend.settings().contextTokens();
        return wanted > 0 ? Math.min(wanted, context) : context;
    }

    @Override
    public int completionTokens() {
        return progress.completionTokens();
    }

    @Override
    public Finished answer(AnswerReader reader) {
        check();
        backend.checkReady();
        deadline.check();
        ServerStream opened = open();
        try {
            opened.awaitBegin(new Patience(backend.settings().server().firstEvent(), deadline));
            reader.started(0);
            return finished(read(opened, reader));
        } catch (StatusRuntimeException e) {
            backend.failed(e);
            throw e;
        }
    }

    private void check() {
        RequestRules.check(request, backend.settings());
        boolean empty = switch (request.getPromptCase()) {
            case CHAT -> request.getChat().getMessagesCount() == 0;
            case TEXT -> request.getText().isEmpty();
            case PROMPT_NOT_SET -> true;
        };
        if (empty) {
            throw Refusal.of(
                    Status.Code.INVALID_ARGUMENT,
                    Reason.RequestInvalid,
                    "prompt is missing or empty: give chat with a message, or text with a character");
        }
        if (request.getSampling().getLogprobs()) {
            throw Refusal.of(
                    Status.Code.INVALID_ARGUMENT,
                    Reason.RequestInvalid,
                    "sampling.logprobs is set, but an agent that forwards to a server tells no probabilities");
        }
        int wanted = request.getSampling().getMaxTokens();
        int context = backend.settings().contextTokens();
        if (wanted >= context) {
            throw Refusal.of(
                    Status.Code.INVALID_ARGUMENT,
                    Reason.ContextExceeded,
                    "max_tokens is " + wanted + ", but the context holds " + context
                            + " tokens with the prompt: lower max_tokens");
        }
    }

    private ServerStream open() {
        synchronized (lock) {
            if (closed) {
                throw new SequenceClosedException();
            }
            backend.slots().take(this);
            ServerStream opened = backend.server()
                    .send(RequestJson.of(request, backend.settings().server().model()));
            stream = opened;
            return opened;
        }
    }

    private FinishReason read(ServerStream opened, AnswerReader reader) {
        ForwardSettings.Server limits = backend.settings().server();
        var whole = new WholeCharacters();
        var stops = new StopStrings(request.getSampling().getStopList());
        while (!progress.complete()) {
            boolean first = !progress.begun();
            Optional<Chunk> chunk;
            try {
                reader.awaitRoom();
                chunk = progress.take(
                        opened.next(new Patience(first ? limits.firstEvent() : limits.nextEvent(), deadline)));
            } catch (DeadlinePassed e) {
                if (first) {
                    throw e;
                }
                return end(whole, stops, progress.finish().orElse(FinishReason.DEADLINE), reader);
            }
            if (first && progress.begun()) {
                reader.firstToken();
            }
            reader.say(stops.accept(whole.accept(chunk.map(Chunk::text).orElse(""))), progress.completionTokens());
            if (stops.stopped()) {
                return FinishReason.STOP;
            }
        }
        return end(whole, stops, progress.finish().orElseThrow(), reader);
    }

    private FinishReason end(WholeCharacters whole, StopStrings stops, FinishReason reason, AnswerReader reader) {
        String text = stops.accept(whole.finish());
        reader.say(stops.stopped() ? text : text + stops.finish(), progress.completionTokens());
        return stops.stopped() ? FinishReason.STOP : reason;
    }

    private Finished finished(FinishReason reason) {
        return Finished.newBuilder()
                .setReason(reason)
                .setPromptTokens(progress.usage().map(Chunk.Usage::promptTokens).orElse(0))
                .setCompletionTokens(progress.completionTokens())
                .setEstimated(progress.usage().isEmpty())
                .build();
    }

    @Override
    public void close() {
        ServerStream open;
        synchronized (lock) {
            closed = true;
            open = stream;
        }
        if (open != null) {
            open.close();
        }
        backend.slots().giveBack(this);
    }
}
