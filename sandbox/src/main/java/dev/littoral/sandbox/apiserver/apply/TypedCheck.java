package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks that an applied object has the shape of its schema, without which its fields have no owner. */
final class TypedCheck {

    private final List<String> faults = new ArrayList<>();

    private TypedCheck() {}

    /** Finds what does not fit, each fault with its path, as {@code .spec.size: expected ..., got ...}. */
    static List<String> faults(JsonNode object, Schema schema) {
        TypedCheck check = new TypedCheck();
        check.walk(object, schema, "");
        return check.faults;
    }

    private void walk(JsonNode value, Schema schema, String path) {
        if (value.isNull()) {
            return;
        }
        switch (schema.shape()) {
            case OBJECT -> object(value, schema, path);
            case LIST -> list(value, schema, path);
            case SCALAR -> scalar(value, schema, path);
            case ANY -> {}
        }
    }

    private void object(JsonNode value, Schema schema, String path) {
        if (!value.isObject()) {
            faults.add(path + ": expected map, got " + GoText.wrapped(value));
            return;
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            String field = path + "." + entry.getKey();
            Optional<Schema> child = schema.field(entry.getKey());
            if (child.isPresent()) {
                walk(entry.getValue(), child.get(), field);
            } else {
                faults.add(field + ": field not declared in schema");
            }
        }
    }

    private void list(JsonNode value, Schema schema, String path) {
        if (!value.isArray()) {
            faults.add(path + ": expected list, got " + GoText.wrapped(value));
            return;
        }
        Set<PathElement> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode item = value.get(i);
            if (!schema.associative()) {
                walk(item, schema.items(), path + "[" + i + "]");
                continue;
            }
            PathElement element = ListItems.element(item, schema);
            if (element.text().equals("k:{}")) {
                String keys = GoText.list(schema.listKeys());
                faults.add(path + ": element " + i + ": associative list with keys has an element that omits all key"
                        + " fields " + keys + " (and doesn't have default values for any key fields)");
                continue;
            }
            walk(item, schema.items(), path + element.shown());
            if (!seen.add(element)) {
                faults.add(path + ": duplicate entries for key " + element.shown());
            }
        }
    }

    private void scalar(JsonNode value, Schema schema, String path) {
        switch (schema.node().path("type").asText("")) {
            case "string" -> {
                if (!value.isTextual()) {
                    faults.add(path + ": expected string, got " + GoText.unstructured(value));
                }
            }
            case "boolean" -> {
                if (!value.isBoolean()) {
                    faults.add(path + ": expected boolean, got " + GoText.wrapped(value));
                }
            }
            case "integer", "number" -> {
                if (!value.isNumber()) {
                    faults.add(path + ": expected numeric (int or float), got " + GoText.type(value));
                }
            }
            default -> {
                if (value.isContainerNode()) {
                    faults.add(path + ": untyped fields only accept scalars, got " + Json.text(value));
                }
            }
        }
    }
}
