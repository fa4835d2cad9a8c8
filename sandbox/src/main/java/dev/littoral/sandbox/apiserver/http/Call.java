package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a request; whatever it carries is taken as untrusted. */
final class Call {

    /** The real server takes 3 MiB as well. */
    private static final int MOST_BODY_BYTES = 3 << 20;

    private static final long MOST_DISCARDED_BYTES = 64L << 20;

    private static final YAMLMapper YAML = new YAMLMapper(
            YAMLFactory.builder().streamReadConstraints(Json.limits()).build());

    private final HttpExchange exchange;
    private final Map<String, String> query;

    Call(HttpExchange exchange) {
        this.exchange = exchange;
        this.query = parsed(
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
    }

    String method() {
        return exchange.getRequestMethod();
    }

    List<String> path() {
        String path = Optional.ofNullable(exchange.getRequestURI().getPath()).orElse("/");
        String trimmed = path.replaceAll("^/+|/+$", "");
        return trimmed.isEmpty() ? List.of() : List.of(trimmed.split("/"));
    }

    String query(String name) {
        return query.getOrDefault(name, "");
    }

    boolean flag(String name) {
        String value = query.getOrDefault(name, "false");
        return query.containsKey(name) && !value.equals("false") && !value.equals("0");
    }

    /** Reads a whole number of a query parameter; empty where there is none. */
    Optional<Long> number(String name) {
        String value = query(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw Refusal.badRequest("strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
        }
    }

    String header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    /** Gives the length of the body in bytes, the largest possible where it is not told. */
    long contentLength() {
        String length = header("Content-Length");
        return length.matches("\\d{1,18}")
                ? Long.parseLong(length)
                : header("Transfer-Encoding").isEmpty() ? 0 : Long.MAX_VALUE;
    }

    /** Gives the media type of the body, without parameters. */
    String contentType() {
        String type = header("Content-Type");
        return type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    /** Finds a parameter of the first accepted media type that this server makes, such as {@code as} or {@code g}. */
    boolean accepts(String parameter) {
        for (String type : header("Accept").split(",", -1)) {
            List<String> parts = List.of(type.replace(" ", "").split(";", -1));
            if (parts.contains(parameter)) {
                return true;
            }
            if (parts.size() == 1 && parts.getFirst().equals("application/json")) {
                return false;
            }
        }
        return false;
    }

    /** Reads the body's bytes. */
    byte[] body() throws IOException {
        InputStream in = exchange.getRequestBody();
        byte[] body = in.readNBytes(MOST_BODY_BYTES + 1);
        if (body.length > MOST_BODY_BYTES) {
            discard(in);
            throw Refusal.tooLarge(MOST_BODY_BYTES);
        }
        return body;
    }

    /** A client that is still sending when the connection ends would not see the answer. */
    private static void discard(InputStream in) throws IOException {
        byte[] waste = new byte[1 << 16];
        long left = MOST_DISCARDED_BYTES;
        for (int read = 0; read >= 0 && left > 0; left -= read) {
            read = in.read(waste);
        }
    }

    /** Reads an object from the body, which is JSON or YAML. */
    ObjectNode object(String kind) throws IOException {
        byte[] body = body();
        String type = contentType();
        if (type.equals(Protobuf.MEDIA_TYPE)) {
            return Protobuf.read(body);
        }
        boolean yaml = type.equals("application/yaml") || type.equals("application/apply-patch+yaml");
        if (!yaml && !type.equals("application/json") && !type.isEmpty()) {
            throw Refusal.unsupportedMediaType("application/json, application/yaml");
        }
        return object(body, yaml, kind);
    }

    /** Reads an object of the given bytes. */
    static ObjectNode object(byte[] body, boolean yaml, String kind) {
        String text = new String(body, StandardCharsets.UTF_8);
        String shown = body.length == 0 ? "<empty>" : text.length() > 30 ? text.substring(0, 30) + " ..." : text;
        String problem;
        try {
            JsonNode read = yaml && !text.stripLeading().startsWith("{")
                    ? Json.read(Json.bytes(YAML.readTree(body)))
                    : Json.read(body);
            if (read instanceof ObjectNode object) {
                return object;
            }
            problem = "not an object";
        } catch (JsonProcessingException e) {
            problem = Json.problem(e);
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        }
        throw Refusal.badRequest("the object provided is unrecognized (must be of type " + kind
                + "): couldn't get version/kind; json parse error: " + problem + " (" + shown + ")");
    }

    private static Map<String, String> parsed(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw.split("&", -1)) {
            int at = pair.indexOf('=');
            String name = at < 0 ? pair : pair.substring(0, at);
            try {
                query.putIfAbsent(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        at < 0 ? "" : URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw Refusal.badRequest("invalid URL escape in the query: " + pair);
            }
        }
        return query;
    }
}
