package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Leads one step into an object, in the spelling of {@code managedFields}.
 *
 * @param text {@code f:name} for a field, {@code k:{"key":"value"}} for a list item with keys, {@code v:"value"} for
 *     one without
 */
record PathElement(String text) implements Comparable<PathElement> {

    static PathElement field(String name) {
        return new PathElement("f:" + name);
    }

    static PathElement value(JsonNode value) {
        return new PathElement("v:" + Json.text(value));
    }

    /** Keys are sorted by name, so that equal keys have equal spellings. */
    static PathElement key(Map<String, JsonNode> keys) {
        ObjectNode sorted = Json.object();
        new TreeMap<>(keys).forEach(sorted::set);
        return new PathElement("k:" + Json.text(sorted));
    }

    /** Gives the field's name; empty where the element leads to a list item. */
    Optional<String> fieldName() {
        return text.startsWith("f:") ? Optional.of(text.substring(2)) : Optional.empty();
    }

    /** Gives the element as error messages show it: {@code .name}, {@code [key="value"]} or {@code [="value"]}. */
    String shown() {
        String rest = text.substring(2);
        return switch (text.charAt(0)) {
            case 'f' -> "." + rest;
            case 'k' -> "[" + shownKeys(rest) + "]";
            default -> "[=" + rest + "]";
        };
    }

    private static String shownKeys(String keys) {
        try {
            List<String> pairs = new ArrayList<>();
            for (Map.Entry<String, JsonNode> key :
                    Json.read(keys.getBytes(StandardCharsets.UTF_8)).properties()) {
                pairs.add(key.getKey() + "=" + Json.text(key.getValue()));
            }
            return String.join(",", pairs);
        } catch (JsonProcessingException e) {
            return keys;
        }
    }

    @Override
    public int compareTo(PathElement other) {
        return text.compareTo(other.text);
    }
}
