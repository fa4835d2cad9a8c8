package dev.littoral.scheduler.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.scheduler.openai.OpenAiJson;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.Piece;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;

/**
 * What a request was answered, as it is sent again: bytes alone, nothing of the request. A stream's whole text is one piece
 * for each choice.
 *
 * @param body never written to
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record KeptReply(int statusCode, String contentType, byte[] body) {

    private static final String JSON = "application/json";

    /** Writes down how a request ended that was begun at {@code created}. */
    static KeptReply of(Outcome outcome, Instant created) {
        return switch (outcome) {
            case Outcome.Refused refused ->
                new KeptReply(
                        refused.statusCode(),
                        JSON,
                        bytes(OpenAiJson.error(refused).toString()));
            case Outcome.Answered answered
            when answered.request().stream() ->
                new KeptReply(200, StreamEvents.CONTENT_TYPE, bytes(stream(answered, created)));
            case Outcome.Answered answered ->
                new KeptReply(
                        200,
                        JSON,
                        bytes(OpenAiJson.completion(answered, created).toString()));
        };
    }

    private static String stream(Outcome.Answered answered, Instant created) {
        StringBuilder events = new StringBuilder();
        StreamEvents.first(answered.request(), created).forEach(each -> events.append(StreamEvents.event(each)));
        for (int choice = 0; choice < answered.choices().size(); choice++) {
            Outcome.Choice said = answered.choices().get(choice);
            Piece piece = new Piece(choice, said.text(), said.tokens(), 0);
            events.append(StreamEvents.event(OpenAiJson.chunk(answered.request(), created, piece)));
        }
        StreamEvents.last(answered, created).forEach(each -> events.append(StreamEvents.event(each)));
        return events.append(StreamEvents.DONE).toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    void send(HttpServerResponse response) {
        if (response.ended() || response.closed()) {
            return;
        }
        if (contentType.equals(StreamEvents.CONTENT_TYPE)) {
            response.putHeader("Cache-Control", "no-cache");
        }
        var ignored = response.setStatusCode(statusCode)
                .putHeader("Content-Type", contentType)
                .end(Buffer.buffer(body));
    }
}
