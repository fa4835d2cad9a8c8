package dev.littoral.scheduler.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.scheduler.openai.OpenAiJson;
import dev.littoral.scheduler.request.AnswerSink;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.Piece;
import dev.littoral.scheduler.request.ReaderGone;
import dev.littoral.scheduler.request.Window;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;

/** Writes an answer as server-sent events when the client wants a stream, else in one piece at its end. */
final class HttpAnswer implements AnswerSink {

    private static final int PIECES_ON_THEIR_WAY = 16;

    private final HttpServerResponse response;
    private final Instant created;
    private final Window window;
    private final StreamState state = new StreamState();

    HttpAnswer(HttpServerResponse response, Instant created, Duration readerPatience) {
        this.response = response;
        this.created = created;
        this.window = new Window(PIECES_ON_THEIR_WAY, readerPatience);
    }

    @Override
    public void started(InferenceRequest request) throws InterruptedException, ReaderGone {
        if (!request.stream()) {
            return;
        }
        state.begin(request);
        response.setChunked(true)
                .setStatusCode(200)
                .putHeader("Content-Type", StreamEvents.CONTENT_TYPE)
                .putHeader("Cache-Control", "no-cache")
                .putHeader("X-Accel-Buffering", "no");
        for (ObjectNode chunk : StreamEvents.first(request, created)) {
            send(chunk);
        }
    }

    @Override
    public void text(String piece) throws InterruptedException, ReaderGone {
        piece(new Piece(0, piece));
    }

    @Override
    public void piece(Piece piece) throws InterruptedException, ReaderGone {
        if (state.streaming()) {
            send(OpenAiJson.chunk(state.request(), created, piece));
        }
    }

    @Override
    public void restart(int attempt) {
        if (!restartable()) {
            throw new IllegalStateException("a stream that has begun cannot be taken back");
        }
    }

    @Override
    public boolean restartable() {
        return !state.streaming();
    }

    /** Ends the reply. */
    void end(RoutingContext context, Outcome outcome) {
        if (!state.streaming()) {
            switch (outcome) {
                case Outcome.Answered answered -> Replies.json(context, 200, OpenAiJson.completion(answered, created));
                case Outcome.Refused refused -> Replies.refuse(context, refused);
            }
            return;
        }
        if (response.ended() || response.closed()) {
            return;
        }
        try {
            switch (outcome) {
                case Outcome.Answered answered -> {
                    for (ObjectNode chunk : StreamEvents.last(answered, created)) {
                        send(chunk);
                    }
                }
                case Outcome.Refused refused -> send(OpenAiJson.error(refused));
            }
            Future<Void> ignored = response.end(StreamEvents.DONE);
        } catch (InterruptedException | ReaderGone e) {
            // nobody is left who could be told; the connection is not worth keeping
            response.reset();
        }
    }

    private void send(ObjectNode data) throws InterruptedException, ReaderGone {
        if (response.closed()) {
            throw new ReaderGone("the client hung up");
        }
        window.add(response.write(StreamEvents.event(data)).toCompletionStage().toCompletableFuture());
    }
}
