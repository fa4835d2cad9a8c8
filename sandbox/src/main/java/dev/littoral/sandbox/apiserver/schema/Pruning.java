package dev.littoral.sandbox.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Removes fields that a schema does not know. */
public final class Pruning {

    private final List<String> removed = new ArrayList<>();

    private Pruning() {}

    /**
     * Removes unknown fields in place.
     *
     * @return paths of what was removed, as {@code spec.parts[0].bogus}
     */
    public static List<String> prune(JsonNode value, Schema schema) {
        Pruning pruning = new Pruning();
        pruning.walk(value, schema, "");
        return pruning.removed;
    }

    private void walk(JsonNode value, Schema schema, String path) {
        if (value instanceof ObjectNode object) {
            List<String> unknown = new ArrayList<>();
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                String field = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
                schema.field(entry.getKey()).ifPresentOrElse(child -> walk(entry.getValue(), child, field), () -> {
                    unknown.add(entry.getKey());
                    removed.add(field);
                });
            }
            object.remove(unknown);
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                walk(value.get(i), schema.items(), path + "[" + i + "]");
            }
        }
    }
}
