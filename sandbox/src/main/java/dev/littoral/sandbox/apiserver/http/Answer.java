package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.littoral.sandbox.apiserver.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Holds an answer.
 *
 * @param code HTTP status code
 * @param contentType media type of the body
 * @param length length of the body in bytes, 0 where it is sent in pieces and only known at its end
 * @param body writes the body
 * @param warnings what the client should show to its user
 */
record Answer(int code, String contentType, long length, Body body, List<String> warnings) {

    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    /** Is written once the head of the answer is sent. */
    interface Body {
        void write(OutputStream out) throws IOException;
    }

    static Answer json(int code, ObjectNode body) {
        return json(code, body, List.of());
    }

    static Answer json(int code, ObjectNode body, List<String> warnings) {
        return bytes(code, JSON, Json.bytes(body), warnings);
    }

    /** Sends JSON that is made while it is sent, since it may be larger than memory. */
    static Answer json(Body body) {
        return new Answer(200, JSON, 0, body, List.of());
    }

    static Answer text(int code, String text) {
        return bytes(code, TEXT, text.getBytes(StandardCharsets.UTF_8), List.of());
    }

    /** Sends text that may still be growing. */
    static Answer text(Body body) {
        return new Answer(200, TEXT, 0, body, List.of());
    }

    static Answer bytes(int code, String contentType, byte[] body, List<String> warnings) {
        return new Answer(code, contentType, body.length == 0 ? -1 : body.length, out -> out.write(body), warnings);
    }

    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
        for (String warning : warnings) {
            String quoted = warning.replace("\\", "\\\\").replace("\"", "\\\"");
            exchange.getResponseHeaders().add("Warning", "299 - \"" + quoted + "\"");
        }
        exchange.sendResponseHeaders(code, length);
        try (OutputStream out = exchange.getResponseBody()) {
            body.write(out);
        }
        exchange.close();
    }
}
