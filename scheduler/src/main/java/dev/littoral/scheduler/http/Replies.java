package dev.littoral.scheduler.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.scheduler.openai.OpenAiJson;
import dev.littoral.scheduler.request.DropReason;
import dev.littoral.scheduler.request.Outcome;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Writes whole JSON replies. */
final class Replies {

    /** Says in one word why a sound request was dropped; the words are those of llm-d. */
    static final String DROPPED_REASON = "x-littoral-request-dropped-reason";

    private Replies() {}

    static void refuse(RoutingContext context, Outcome.Refused refused) {
        refused.retryAfterSeconds()
                .ifPresent(seconds -> context.response().putHeader("Retry-After", Integer.toString(seconds)));
        refused.drop()
                .map(DropReason::word)
                .or(() -> droppedReason(refused))
                .ifPresent(reason -> context.response().putHeader(DROPPED_REASON, reason));
        error(context, refused.statusCode(), OpenAiJson.error(refused));
    }

    private static Optional<String> droppedReason(Outcome.Refused refused) {
        return switch (refused.code()) {
            case NO_CAPACITY -> Optional.of("rejected-saturated");
            case DEADLINE_EXCEEDED -> Optional.of("rejected-ttl-expired");
            case MODEL_NOT_FOUND, CONTEXT_EXCEEDED, INVALID_REQUEST, CANCELLED, AGENT_LOST -> Optional.empty();
        };
    }

    static void error(RoutingContext context, int status, ObjectNode error) {
        json(context, status, error);
    }

    static void json(RoutingContext context, int status, ObjectNode body) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        var ignored = response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.toString());
    }
}
