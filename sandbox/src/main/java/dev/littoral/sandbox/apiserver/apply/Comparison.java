package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Says what changed from one object to another.
 *
 * @param added what only the new one has
 * @param changed what both have with unlike values
 * @param removed what only the old one had
 */
record Comparison(FieldSet added, FieldSet changed, FieldSet removed) {

    private static final Comparison NOTHING = new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.EMPTY);

    /** Compares two values of the same schema. */
    static Comparison of(JsonNode before, JsonNode after, Schema schema) {
        Map<PathElement, JsonNode> old = parts(before, schema);
        Map<PathElement, JsonNode> now = parts(after, schema);
        Set<PathElement> elements = new LinkedHashSet<>(old.keySet());
        elements.addAll(now.keySet());
        FieldSet.Builder added = new FieldSet.Builder();
        FieldSet.Builder changed = new FieldSet.Builder();
        FieldSet.Builder removed = new FieldSet.Builder();
        for (PathElement element : elements) {
            Schema child = element.fieldName()
                    .map(name -> schema.field(name).orElse(schema))
                    .orElseGet(schema::items);
            JsonNode was = old.get(element);
            JsonNode is = now.get(element);
            if (was == null && is != null) {
                added.add(element);
                added.add(element, OwnedFields.everyNode(is, child));
            } else if (is == null && was != null) {
                removed.add(element);
                removed.add(element, OwnedFields.everyNode(was, child));
            } else if (was != null && is != null) {
                Comparison below = NOTHING;
                if (OwnedFields.granular(was, child) && OwnedFields.granular(is, child)) {
                    below = of(was, is, child);
                } else if (!Json.same(was, is)) {
                    changed.add(element);
                    below = new Comparison(
                            OwnedFields.everyNode(is, child), FieldSet.EMPTY, OwnedFields.everyNode(was, child));
                }
                added.add(element, below.added);
                changed.add(element, below.changed);
                removed.add(element, below.removed);
            }
        }
        return new Comparison(added.build(), changed.build(), removed.build());
    }

    private static Map<PathElement, JsonNode> parts(JsonNode value, Schema schema) {
        if (value.isArray()) {
            return ListItems.byElement(value, schema);
        }
        Map<PathElement, JsonNode> fields = new LinkedHashMap<>();
        value.properties().forEach(entry -> fields.put(PathElement.field(entry.getKey()), entry.getValue()));
        return fields;
    }
}
