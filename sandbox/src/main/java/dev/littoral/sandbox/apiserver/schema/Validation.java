package dev.littoral.sandbox.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.FieldError.Reason;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks a value against a schema, in the words of the real API server. */
public final class Validation {

    private final List<FieldError> errors = new ArrayList<>();

    private Validation() {}

    /** Finds all faults of a value, in document order. */
    public static List<FieldError> check(JsonNode value, Schema schema, String path) {
        Validation validation = new Validation();
        validation.walk(value, schema, path);
        return validation.errors;
    }

    private void walk(JsonNode value, Schema schema, String path) {
        JsonNode node = schema.node();
        if (value.isNull() && (node.path("nullable").asBoolean() || schema.shape() == Schema.Shape.ANY)) {
            return;
        }
        if (!rightType(value, schema)) {
            wrongType(value, schema, path);
            if (value.isNumber() && node.path("type").asText().equals("integer")) {
                errors.add(NumberChecks.outOfRange(node, path));
            }
            return;
        }
        choices(value, node, path);
        if (value.isObject()) {
            object(value, schema, path);
        } else if (value.isArray()) {
            list(value, schema, path);
        } else if (value.isTextual()) {
            new TextChecks(errors, path).check(value, node);
        } else if (value.isNumber()) {
            new NumberChecks(errors, path).check(value, node);
        }
        combinations(value, schema, path);
    }

    private void object(JsonNode value, Schema schema, String path) {
        JsonNode node = schema.node();
        for (JsonNode required : node.path("required")) {
            if (!value.has(required.asText())) {
                errors.add(FieldError.required(join(path, required.asText()), ""));
            }
        }
        if (node.has("maxProperties")
                && value.size() > node.get("maxProperties").asInt()) {
            tooMany(path, value.size(), node.get("maxProperties").asInt());
        }
        if (node.has("minProperties")
                && value.size() < node.get("minProperties").asInt()) {
            String least = node.get("minProperties").asText();
            errors.add(FieldError.invalid(
                    path,
                    String.valueOf(value.size()),
                    path + " in body should have at least " + least + " properties"));
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            schema.field(entry.getKey()).ifPresent(child -> walk(entry.getValue(), child, join(path, entry.getKey())));
        }
    }

    private void list(JsonNode value, Schema schema, String path) {
        JsonNode node = schema.node();
        if (node.has("maxItems") && value.size() > node.get("maxItems").asInt()) {
            tooMany(path, value.size(), node.get("maxItems").asInt());
            return;
        }
        if (node.has("minItems") && value.size() < node.get("minItems").asInt()) {
            String least = node.get("minItems").asText();
            errors.add(FieldError.invalid(
                    path, String.valueOf(value.size()), path + " in body should have at least " + least + " items"));
        }
        for (int i = 0; i < value.size(); i++) {
            walk(value.get(i), schema.items(), path + "[" + i + "]");
        }
        if (schema.associative()) {
            duplicates(value, schema.listKeys(), path);
        }
    }

    private void duplicates(JsonNode value, List<String> keys, String path) {
        List<JsonNode> seen = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode identity = value.get(i);
            if (!keys.isEmpty()) {
                var key = Json.object();
                for (String name : keys) {
                    if (value.get(i).has(name)) {
                        key.set(name, value.get(i).get(name));
                    }
                }
                identity = key;
            }
            JsonNode wanted = identity;
            if (seen.stream().anyMatch(other -> Json.same(other, wanted))) {
                errors.add(new FieldError(Reason.FieldValueDuplicate, path + "[" + i + "]", Json.text(identity), ""));
            }
            seen.add(identity);
        }
    }

    private void choices(JsonNode value, JsonNode node, String path) {
        if (!node.has("enum")) {
            return;
        }
        List<String> supported = new ArrayList<>();
        for (JsonNode choice : node.get("enum")) {
            if (Json.same(choice, value)) {
                return;
            }
            supported.add(choice.isTextual() ? Json.text(choice) : "\"" + choice.asText() + "\"");
        }
        errors.add(new FieldError(
                Reason.FieldValueNotSupported,
                path,
                Json.text(value),
                "supported values: " + String.join(", ", supported)));
    }

    private void combinations(JsonNode value, Schema schema, String path) {
        JsonNode node = schema.node();
        for (JsonNode each : node.path("allOf")) {
            walk(value, schema.beside(each), path);
        }
        if (node.has("anyOf") && !schema.intOrString() && matches(value, schema, node.get("anyOf"), path) == 0) {
            errors.add(combination(value, path, "must validate at least one schema (anyOf)"));
        }
        if (node.has("oneOf") && matches(value, schema, node.get("oneOf"), path) != 1) {
            errors.add(combination(value, path, "must validate one and only one schema (oneOf)"));
        }
        if (node.has("not")
                && check(value, schema.beside(node.get("not")), path).isEmpty()) {
            errors.add(combination(value, path, "must not validate the schema (not)"));
        }
    }

    private static FieldError combination(JsonNode value, String path, String wanted) {
        String shown = value.isContainerNode() ? "\"" + typeName(value) + "\"" : Json.text(value);
        return FieldError.invalid(path, shown, (path + " " + wanted).strip());
    }

    private static long matches(JsonNode value, Schema schema, JsonNode candidates, String path) {
        List<JsonNode> all = new ArrayList<>();
        candidates.forEach(all::add);
        return all.stream()
                .filter(each -> check(value, schema.beside(each), path).isEmpty())
                .count();
    }

    private static boolean rightType(JsonNode value, Schema schema) {
        if (schema.intOrString()) {
            return value.isIntegralNumber() || value.isTextual();
        }
        return switch (schema.node().path("type").asText("")) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "number" -> value.isNumber();
            case "integer" -> NumberChecks.whole(value);
            default -> true;
        };
    }

    private static String typeName(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() && value.canConvertToLong() ? "integer" : "number";
            case NULL, MISSING -> "null";
        };
    }

    /** Where the schema has a format, it is told in place of the type, but for what may be a text. */
    private void wrongType(JsonNode value, Schema schema, String path) {
        String type = schema.node().path("type").asText();
        String format = schema.node().path("format").asText("");
        boolean formatted = !format.isEmpty()
                && !schema.intOrString()
                && (value.isNumber() || value.isBoolean() || value.isObject());
        String wanted = schema.intOrString() ? "integer,string" : formatted ? format : type;
        String shown = "\"" + (formatted ? formatName(value) : typeName(value)) + "\"";
        String place = path.isEmpty() ? "" : path + " ";
        errors.add(new FieldError(
                Reason.FieldValueTypeInvalid, path, shown, place + "in body must be of type " + wanted + ": " + shown));
    }

    private static String formatName(JsonNode value) {
        return !value.isNumber() ? "" : value.isIntegralNumber() ? "int64" : "float64";
    }

    private void tooMany(String path, int actual, int most) {
        errors.add(new FieldError(
                Reason.FieldValueTooMany, path, String.valueOf(actual), "must have at most " + most + " items"));
    }

    static String join(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
