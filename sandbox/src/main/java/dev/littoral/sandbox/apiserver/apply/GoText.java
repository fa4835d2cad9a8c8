package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shows values as the real API server does, which prints them with Go's formatting. */
final class GoText {

    private GoText() {}

    /** Gives {@code ["a" "b"]}. */
    static String list(List<String> texts) {
        return "["
                + String.join(
                        " ", texts.stream().map(text -> "\"" + text + "\"").toList()) + "]";
    }

    /** Gives {@code &{value}}. */
    static String wrapped(JsonNode value) {
        return "&{" + plain(value) + "}";
    }

    /** Gives {@code &value.valueUnstructured{Value:...}}. */
    static String unstructured(JsonNode value) {
        return "&value.valueUnstructured{Value:" + syntax(value) + "}";
    }

    /** Gives the name of the type. */
    static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case NULL, MISSING -> "<nil>";
        };
    }

    private static String plain(JsonNode value) {
        if (value.isObject()) {
            return "map[" + joined(value, ":", GoText::plain, "") + "]";
        }
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            value.forEach(item -> items.add(plain(item)));
            return "[" + String.join(" ", items) + "]";
        }
        return value.isNull() ? "<nil>" : value.asText();
    }

    private static String syntax(JsonNode value) {
        if (value.isObject()) {
            return "map[string]interface {}{" + joined(value, ":", GoText::syntax, "\"") + "}";
        }
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            value.forEach(item -> items.add(syntax(item)));
            return "[]interface {}{" + String.join(", ", items) + "}";
        }
        return value.isNull() ? "interface {}(nil)" : Json.text(value);
    }

    private static String joined(
            JsonNode object, String between, java.util.function.Function<JsonNode, String> shown, String quote) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            sorted.put(entry.getKey(), entry.getValue());
        }
        List<String> pairs = new ArrayList<>();
        sorted.forEach((key, value) -> pairs.add(quote + key + quote + between + shown.apply(value)));
        return String.join(quote.isEmpty() ? " " : ", ", pairs);
    }
}
