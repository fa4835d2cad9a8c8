package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lays an applied object over a live one, and takes away what is no longer applied. */
final class ApplyMerge {

    private ApplyMerge() {}

    /** Merges two values; neither argument is changed. */
    static JsonNode merge(JsonNode live, JsonNode applied, Schema schema) {
        if (!OwnedFields.granular(live, schema) || !OwnedFields.granular(applied, schema)) {
            return applied.deepCopy();
        }
        return applied.isArray() ? mergeLists(live, applied, schema) : mergeObjects(live, applied, schema);
    }

    private static ObjectNode mergeObjects(JsonNode live, JsonNode applied, Schema schema) {
        ObjectNode merged = live.deepCopy();
        for (Map.Entry<String, JsonNode> entry : applied.properties()) {
            Schema child = schema.field(entry.getKey()).orElse(schema);
            merged.set(entry.getKey(), merge(live.path(entry.getKey()), entry.getValue(), child));
        }
        return merged;
    }

    /** The applied order wins; items that only the live list has stay where they were among their neighbours. */
    private static ArrayNode mergeLists(JsonNode live, JsonNode applied, Schema schema) {
        Map<PathElement, JsonNode> old = ListItems.byElement(live, schema);
        Map<PathElement, JsonNode> wanted = ListItems.byElement(applied, schema);
        ArrayNode merged = Json.array();
        Set<PathElement> done = new HashSet<>();
        List<PathElement> order = new ArrayList<>(wanted.keySet());
        int next = 0;
        for (Map.Entry<PathElement, JsonNode> item : old.entrySet()) {
            if (!wanted.containsKey(item.getKey())) {
                merged.add(item.getValue().deepCopy());
            } else {
                while (!done.contains(item.getKey())) {
                    next = emit(order, next, old, wanted, done, merged, schema);
                }
            }
        }
        while (next < order.size()) {
            next = emit(order, next, old, wanted, done, merged, schema);
        }
        return merged;
    }

    private static int emit(
            List<PathElement> order,
            int next,
            Map<PathElement, JsonNode> old,
            Map<PathElement, JsonNode> wanted,
            Set<PathElement> done,
            ArrayNode merged,
            Schema schema) {
        PathElement element = order.get(next);
        JsonNode item = wanted.getOrDefault(element, Json.object());
        merged.add(merge(old.getOrDefault(element, Json.object().path("absent")), item, schema.items()));
        done.add(element);
        return next + 1;
    }

    /**
     * Takes away, in place, what was applied before and nobody owns now.
     *
     * @param before what the manager applied last time
     * @param owned what all managers own now
     */
    static void takeAway(JsonNode value, FieldSet before, FieldSet owned, Schema schema) {
        if (value instanceof ObjectNode object) {
            for (PathElement element : before.elements()) {
                String name = element.fieldName().orElse("");
                if (!owned.reaches(element)) {
                    object.remove(name);
                } else if (object.has(name)) {
                    Schema child = schema.field(name).orElse(schema);
                    takeAway(object.get(name), before.below(element), owned.below(element), child);
                }
            }
        } else if (value instanceof ArrayNode list) {
            for (int i = list.size() - 1; i >= 0; i--) {
                PathElement element = ListItems.element(list.get(i), schema);
                if (before.reaches(element) && !owned.reaches(element)) {
                    list.remove(i);
                } else {
                    takeAway(list.get(i), before.below(element), owned.below(element), schema.items());
                }
            }
        }
    }
}
