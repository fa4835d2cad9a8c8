package dev.littoral.sandbox.apiserver.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.resource.Registry;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.schema.Definitions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Describes the served kinds as OpenAPI v3: what {@code kubectl explain}, {@code apply} and validation read. */
public final class OpenApi {

    private static final String PREFIX = "#/components/schemas/";
    private static final List<String> PATCHES =
            List.of("application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json");

    private final Registry registry;
    private final Definitions definitions;

    /** Takes the kinds to describe, and the schemas to which theirs refer. */
    public OpenApi(Registry registry, Definitions definitions) {
        this.registry = registry;
        this.definitions = definitions;
    }

    /** Gives the list of documents; each address changes with what it leads to, so that clients may keep them. */
    public ObjectNode index() {
        ObjectNode index = Json.object();
        ObjectNode paths = index.putObject("paths");
        for (String groupVersion : registry.byGroupVersion().keySet()) {
            String path = path(groupVersion);
            String url = "/openapi/v3/" + path + "?hash=" + digest(document(groupVersion));
            paths.putObject(path).put("serverRelativeURL", url);
        }
        return index;
    }

    /** Describes the kinds of one group and version. */
    public ObjectNode document(String groupVersion) {
        List<ResourceType> types = registry.byGroupVersion().getOrDefault(groupVersion, List.of());
        if (types.isEmpty()) {
            throw Refusal.unknownPath();
        }
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Littoral sandbox").put("version", "v1");
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        for (ResourceType type : types) {
            addSchema(schemas, type);
            addPaths(paths, type);
        }
        return document;
    }

    private static String path(String groupVersion) {
        return groupVersion.contains("/") ? "apis/" + groupVersion : "api/" + groupVersion;
    }

    private void addSchema(ObjectNode schemas, ResourceType type) {
        JsonNode schema = type.schemaText();
        if (type.custom()) {
            schemas.set(name(type), schema);
        }
        addReferenced(schemas, schema);
    }

    private void addReferenced(ObjectNode schemas, JsonNode schema) {
        JsonNode reference = schema.path("$ref");
        if (reference.isTextual() && reference.asText().startsWith(PREFIX)) {
            String name = reference.asText().substring(PREFIX.length());
            if (!schemas.has(name)) {
                schemas.set(name, definitions.text(name));
                addReferenced(schemas, definitions.text(name));
            }
        } else {
            schema.forEach(child -> addReferenced(schemas, child));
        }
    }

    private static String name(ResourceType type) {
        if (!type.custom()) {
            return type.schemaText().path("$ref").asText().substring(PREFIX.length());
        }
        List<String> group = List.of(type.group().split("\\."));
        return String.join(".", group.reversed()) + "." + type.version() + "."
                + type.names().kind();
    }

    private static void addPaths(ObjectNode paths, ResourceType type) {
        String base = "/" + path(type.groupVersion()) + "/" + (type.namespaced() ? "namespaces/{namespace}/" : "")
                + type.names().plural();
        ObjectNode collection = paths.putObject(base);
        operation(collection, "get", "list", type);
        body(operation(collection, "post", "post", type), List.of("application/json"), type);
        ObjectNode one = paths.putObject(base + "/{name}");
        operation(one, "get", "get", type);
        body(operation(one, "put", "put", type), List.of("application/json"), type);
        ObjectNode patch = operation(one, "patch", "patch", type);
        body(patch, PATCHES, type);
        if (!type.custom()) {
            patch.withObject("/requestBody/content").putObject("application/strategic-merge-patch+json");
        }
        operation(one, "delete", "delete", type);
    }

    private static ObjectNode operation(ObjectNode path, String method, String action, ResourceType type) {
        ObjectNode operation = path.putObject(method).put("x-kubernetes-action", action);
        operation
                .putObject("x-kubernetes-group-version-kind")
                .put("group", type.group())
                .put("version", type.version())
                .put("kind", type.names().kind());
        ArrayNode parameters = operation.putArray("parameters");
        List<String> names = switch (action) {
            case "post", "put" -> List.of("dryRun", "fieldManager", "fieldValidation");
            case "patch" -> List.of("dryRun", "fieldManager", "fieldValidation", "force");
            case "delete" -> List.of("dryRun", "gracePeriodSeconds", "propagationPolicy");
            case "list" ->
                List.of(
                        "continue",
                        "fieldSelector",
                        "labelSelector",
                        "limit",
                        "resourceVersion",
                        "timeoutSeconds",
                        "watch");
            default -> List.of();
        };
        for (String name : names) {
            parameters
                    .addObject()
                    .put("name", name)
                    .put("in", "query")
                    .putObject("schema")
                    .put("type", "string");
        }
        operation
                .putObject("responses")
                .putObject("200")
                .put("description", "OK")
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", PREFIX + name(type));
        return operation;
    }

    private static void body(ObjectNode operation, List<String> mediaTypes, ResourceType type) {
        ObjectNode content = operation.putObject("requestBody").putObject("content");
        for (String mediaType : mediaTypes) {
            ObjectNode schema = content.putObject(mediaType).putObject("schema");
            if (mediaTypes.size() == 1) {
                schema.put("$ref", PREFIX + name(type));
            } else {
                schema.put("type", "object");
            }
        }
    }

    private static String digest(JsonNode document) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Json.bytes(document));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
