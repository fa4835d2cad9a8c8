package dev.littoral.sandbox.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds named schemas to which others refer. */
public final class Definitions {

    private static final String PREFIX = "#/components/schemas/";

    private final JsonNode named;
    private final Map<String, Schema> read = new ConcurrentHashMap<>();

    /**
     * Takes schemas by name.
     *
     * @param named an object, schema name to OpenAPI schema
     */
    public Definitions(JsonNode named) {
        this.named = named;
    }

    /** Finds a schema by its name, such as {@code io.k8s.api.core.v1.Pod}. */
    public Schema named(String name) {
        JsonNode node = named.path(name);
        if (node.isMissingNode()) {
            throw new IllegalStateException("no schema is named " + name);
        }
        Schema known = read.get(name);
        if (known != null) {
            return known;
        }
        Schema made = new Schema(node, this);
        Schema raced = read.putIfAbsent(name, made);
        return raced != null ? raced : made;
    }

    /** Gives the OpenAPI text of a schema. */
    public JsonNode text(String name) {
        return named.path(name);
    }

    Schema resolve(JsonNode node) {
        String reference = node.path("$ref").asText("");
        return reference.startsWith(PREFIX) ? named(reference.substring(PREFIX.length())) : new Schema(node, this);
    }
}
