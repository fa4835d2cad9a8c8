package dev.littoral.scheduler.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.scheduler.openai.OpenAiJson;
import dev.littoral.scheduler.request.Outcome;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Writes whole JSON replies. */
final class Replies {

    private Replies() {}

    static void refuse(RoutingContext context, Outcome.Refused refused) {
        refused.retryAfter()
                .ifPresent(wait ->
                        context.response().putHeader("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))));
        error(context, refused.statusCode(), OpenAiJson.error(refused));
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
