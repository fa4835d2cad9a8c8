package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.util.Map;

/** Lists the fields that a value sets. */
final class OwnedFields {

    private OwnedFields() {}

    /** Gives the paths of all leaves, list items and empty maps of an applied object. */
    static FieldSet of(JsonNode object, Schema schema) {
        return below(object, schema, false);
    }

    /** Gives the paths of all nodes, whether leaves or not, as counts for what an update brought. */
    static FieldSet everyNode(JsonNode value, Schema schema) {
        return below(value, schema, true);
    }

    private static FieldSet below(JsonNode value, Schema schema, boolean everyNode) {
        FieldSet.Builder set = new FieldSet.Builder();
        if (!granular(value, schema)) {
            return FieldSet.EMPTY;
        }
        if (value.isArray()) {
            ListItems.byElement(value, schema).forEach((element, item) -> {
                set.add(element);
                set.add(element, below(item, schema.items(), everyNode));
            });
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            PathElement element = PathElement.field(entry.getKey());
            Schema child = schema.field(entry.getKey()).orElse(schema);
            FieldSet below = below(entry.getValue(), child, everyNode);
            boolean emptyMap = entry.getValue().isObject() && entry.getValue().isEmpty();
            boolean leaf = emptyMap || !granular(entry.getValue(), child);
            if (everyNode || leaf || !schema.declares(entry.getKey())) {
                set.add(element);
            }
            set.add(element, below);
        }
        return set.build();
    }

    /** Tells whether a value's parts are owned one by one. Lists of unknown type are not. */
    static boolean granular(JsonNode value, Schema schema) {
        if (value.isArray()) {
            return schema.shape() == Schema.Shape.LIST && !schema.atomic();
        }
        return value.isObject() && !schema.atomic();
    }
}
