package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.util.Map;
import java.util.Optional;

/**
 * Checks that an object's fields have the JSON types that their kind gives them; all else relies on it.
 *
 * <p>Of a custom kind only the metadata are checked here: its other fields are validated as its definition says.
 */
final class Decoding {

    private Decoding() {}

    /** Says which field has a wrong type, in the words of the real server, whose fields have types of Go. */
    static Optional<String> fault(ResourceType type, JsonNode object) {
        if (Json.tooDeep(object)) {
            return Optional.of("exceeded max depth");
        }
        for (String field : new String[] {"apiVersion", "kind"}) {
            if (!object.path(field).isMissingNode() && !object.path(field).isTextual()) {
                return Optional.of(wrong(object.path(field), type.names().kind() + "." + field, "string"));
            }
        }
        if (!type.custom()) {
            return walk(object, type.schema(), type.names().kind());
        }
        Schema metadata = type.schema().field("metadata").orElseThrow();
        return walk(object.path("metadata"), metadata, "ObjectMeta");
    }

    private static Optional<String> walk(JsonNode value, Schema schema, String place) {
        if (value.isNull() || value.isMissingNode()) {
            return Optional.empty();
        }
        String type = schema.node().path("type").asText("");
        boolean fits = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual() || (schema.intOrString() && value.isIntegralNumber());
            case "integer" -> value.isIntegralNumber() && value.canConvertToLong();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
        if (!fits) {
            return Optional.of(wrong(value, place, goType(schema)));
        }
        if (value.isArray()) {
            return first(value, schema.items(), place);
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            boolean declared = schema.declares(entry.getKey());
            Optional<String> below = schema.field(entry.getKey())
                    .flatMap(child -> walk(entry.getValue(), child, declared ? place + "." + entry.getKey() : place));
            if (below.isPresent()) {
                return below;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> first(JsonNode list, Schema items, String place) {
        for (JsonNode item : list) {
            Optional<String> fault = walk(item, items, place);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static String wrong(JsonNode value, String place, String type) {
        String found = switch (value.getNodeType()) {
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> "number";
            case OBJECT, POJO, NULL, MISSING -> "object";
        };
        return "json: cannot unmarshal " + found + " into Go struct field " + place + " of type " + type;
    }

    private static String goType(Schema schema) {
        return switch (schema.node().path("type").asText("")) {
            case "object" -> schema.node().path("additionalProperties").isObject() ? "map" : "struct";
            case "array" -> "[]" + goType(schema.items());
            case "integer" -> schema.node().path("format").asText("int64");
            case "number" -> "float64";
            case "boolean" -> "bool";
            default -> "string";
        };
    }
}
