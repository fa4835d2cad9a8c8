package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.littoral.sandbox.apiserver.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Holds an answer that is sent in one piece.
 *
 * @param code HTTP status code
 * @param contentType media type of the body
 * @param body the body
 * @param warnings what the client should show to its user
 */
@SuppressWarnings("ArrayRecordComponent") // answers are never compared
record Answer(int code, String contentType, byte[] body, List<String> warnings) {

    static Answer json(int code, ObjectNode body) {
        return new Answer(code, "application/json", Json.bytes(body), List.of());
    }

    static Answer json(int code, ObjectNode body, List<String> warnings) {
        return new Answer(code, "application/json", Json.bytes(body), warnings);
    }

    static Answer text(int code, String text) {
        return new Answer(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), List.of());
    }

    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
        for (String warning : warnings) {
            String quoted = warning.replace("\\", "\\\\").replace("\"", "\\\"");
            exchange.getResponseHeaders().add("Warning", "299 - \"" + quoted + "\"");
        }
        exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
