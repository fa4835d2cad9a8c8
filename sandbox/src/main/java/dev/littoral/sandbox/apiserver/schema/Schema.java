package dev.littoral.sandbox.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tells of one OpenAPI schema what apply, validation and pruning want to know. */
public final class Schema {

    /** What a value looks like. */
    public enum Shape {
        OBJECT,
        LIST,
        SCALAR,
        ANY
    }

    private final JsonNode node;
    private final Definitions definitions;
    private final Map<String, Schema> children = new ConcurrentHashMap<>();

    /**
     * Reads a schema.
     *
     * @param node OpenAPI v3
     * @param definitions schemas that it may refer to
     */
    public Schema(JsonNode node, Definitions definitions) {
        this.node = node;
        this.definitions = definitions;
    }

    /** Gives the OpenAPI text. */
    public JsonNode node() {
        return node;
    }

    /** Tells what the schema describes; one without a type describes anything. */
    public Shape shape() {
        return switch (node.path("type").asText("")) {
            case "object" -> Shape.OBJECT;
            case "array" -> Shape.LIST;
            case "string", "integer", "number", "boolean" -> Shape.SCALAR;
            default ->
                node.has("oneOf") || intOrString() ? Shape.SCALAR : node.has("properties") ? Shape.OBJECT : Shape.ANY;
        };
    }

    /** Tells whether a number or a text will do. */
    public boolean intOrString() {
        return node.path("x-kubernetes-int-or-string").asBoolean()
                || node.path("format").asText("").equals("int-or-string");
    }

    /** Tells whether fields that are not declared are kept. */
    public boolean keepsUnknown() {
        return node.path("x-kubernetes-preserve-unknown-fields").asBoolean()
                || shape() == Shape.ANY
                || (shape() == Shape.OBJECT && !node.has("properties") && !node.has("additionalProperties"));
    }

    /** Tells whether a field is declared by its name. */
    public boolean declares(String field) {
        return node.path("properties").has(field);
    }

    /** Finds the schema of an object's field; empty where the field is unknown. */
    public Optional<Schema> field(String field) {
        JsonNode declared = node.path("properties").path(field);
        if (!declared.isMissingNode()) {
            return Optional.of(child("." + field, declared));
        }
        JsonNode additional = node.path("additionalProperties");
        if (additional.isObject()) {
            return Optional.of(child("*", additional));
        }
        return keepsUnknown() || additional.asBoolean() ? Optional.of(anything()) : Optional.empty();
    }

    /** Gives the schema of a list's items. */
    public Schema items() {
        JsonNode items = node.path("items");
        return items.isObject() ? child("[]", items) : anything();
    }

    /** Tells whether a value is owned and replaced as a whole. */
    public boolean atomic() {
        return switch (shape()) {
            case OBJECT -> node.path("x-kubernetes-map-type").asText("").equals("atomic");
            case LIST -> !associative();
            case SCALAR -> true;
            case ANY -> false;
        };
    }

    /** Tells whether a list's items are told apart by key or value. */
    public boolean associative() {
        String type = node.path("x-kubernetes-list-type").asText("");
        return type.equals("map") || type.equals("set");
    }

    /** Gives the fields that tell a list's items apart; none where the items themselves do. */
    public List<String> listKeys() {
        List<String> keys = new ArrayList<>();
        node.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        return keys;
    }

    /** Gives the field by which a strategic merge patch tells a list's items apart. */
    public Optional<String> patchMergeKey() {
        JsonNode key = node.path("x-kubernetes-patch-merge-key");
        return key.isTextual() ? Optional.of(key.asText()) : Optional.empty();
    }

    /** Tells whether a strategic merge patch has the given strategy here, {@code merge} or {@code retainKeys}. */
    public boolean patchStrategy(String strategy) {
        return List.of(node.path("x-kubernetes-patch-strategy").asText("").split(","))
                .contains(strategy);
    }

    /** Gives the names of the declared fields. */
    public List<String> declared() {
        List<String> names = new ArrayList<>();
        node.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Reads a schema that stands inside this one, such as a branch of {@code anyOf}. */
    Schema beside(JsonNode inner) {
        return definitions.resolve(inner);
    }

    private Schema child(String key, JsonNode child) {
        Schema known = children.get(key);
        if (known != null) {
            return known;
        }
        Schema made = definitions.resolve(child);
        Schema raced = children.putIfAbsent(key, made);
        return raced != null ? raced : made;
    }

    private Schema anything() {
        return new Schema(Json.object(), definitions);
    }
}
