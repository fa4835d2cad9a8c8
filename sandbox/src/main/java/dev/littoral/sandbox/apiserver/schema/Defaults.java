package dev.littoral.sandbox.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Fills in what a schema says of absent fields. */
public final class Defaults {

    private Defaults() {}

    /** Fills defaults in place; a null that the schema does not allow counts as absent where there is a default. */
    public static void fill(JsonNode value, Schema schema) {
        if (value instanceof ObjectNode object) {
            for (String name : schema.declared()) {
                JsonNode declared = schema.node().path("properties").path(name);
                boolean unwantedNull =
                        object.path(name).isNull() && !declared.path("nullable").asBoolean();
                if (declared.has("default") && (!object.has(name) || unwantedNull)) {
                    object.set(name, declared.get("default").deepCopy());
                }
            }
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                schema.field(entry.getKey()).ifPresent(child -> fill(entry.getValue(), child));
            }
        } else if (value.isArray()) {
            value.forEach(item -> fill(item, schema.items()));
        }
    }
}
