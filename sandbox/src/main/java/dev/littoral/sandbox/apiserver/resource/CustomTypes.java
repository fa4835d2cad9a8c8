package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.resource.ResourceType.Names;
import dev.littoral.sandbox.apiserver.resource.ResourceType.ScalePaths;
import dev.littoral.sandbox.apiserver.schema.Definitions;
import dev.littoral.sandbox.apiserver.schema.Rules;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads CustomResourceDefinitions. */
public final class CustomTypes {

    private static final String META = "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private static final String CONVENTIONS =
            "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
    private static final String API_VERSION =
            "APIVersion defines the versioned schema of this representation of an object. Servers should convert"
                    + " recognized schemas to the latest internal value, and may reject unrecognized values. More info: "
                    + CONVENTIONS + "#resources";
    private static final String KIND =
            "Kind is a string value representing the REST resource this object represents. Servers may infer this from"
                    + " the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: "
                    + CONVENTIONS + "#types-kinds";
    private static final String METADATA = "Standard object's metadata. More info: " + CONVENTIONS + "#metadata";

    private final Definitions definitions;

    /** Takes the schemas of what all objects share. */
    public CustomTypes(Definitions definitions) {
        this.definitions = definitions;
    }

    /** Finds what is wrong with a definition beyond its schema. */
    public static List<FieldError> faults(JsonNode definition) {
        return DefinitionFaults.of(definition);
    }

    /** Finds rules of a definition that cannot be compiled. */
    public static List<FieldError> uncompilable(JsonNode definition) {
        List<FieldError> faults = new ArrayList<>();
        JsonNode versions = definition.at("/spec/versions");
        for (int i = 0; i < versions.size(); i++) {
            JsonNode schema = versions.get(i).at("/schema/openAPIV3Schema");
            faults.addAll(Rules.uncompilable(schema, "spec.versions[" + i + "].schema.openAPIV3Schema"));
        }
        return faults;
    }

    /** Gives the kinds that a definition adds, one for each version that is served. */
    public List<ResourceType> read(JsonNode definition) {
        JsonNode spec = definition.path("spec");
        List<ResourceType> types = new ArrayList<>();
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean()) {
                types.add(type(spec, version));
            }
        }
        return types;
    }

    private ResourceType type(JsonNode spec, JsonNode version) {
        JsonNode names = spec.path("names");
        String kind = names.path("kind").asText();
        ObjectNode schema = schema(spec.path("group").asText(), version, kind);
        JsonNode scale = version.at("/subresources/scale");
        Set<String> selectable = new HashSet<>();
        version.path("selectableFields")
                .forEach(field -> selectable.add(field.path("jsonPath").asText().replaceFirst("^\\.", "")));
        return new ResourceType(
                spec.path("group").asText(),
                version.path("name").asText(),
                new Names(
                        names.path("plural").asText(),
                        names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
                        kind,
                        names.path("listKind").asText(kind + "List"),
                        texts(names.path("shortNames")),
                        texts(names.path("categories"))),
                spec.path("scope").asText().equals("Namespaced"),
                true,
                version.path("subresources").has("status"),
                scale.isObject() ? Optional.of(scalePaths(scale)) : Optional.empty(),
                true,
                selectable,
                new Schema(schema, definitions),
                schema,
                CustomColumns.read(version.path("additionalPrinterColumns")));
    }

    /** What all objects have is added, as clients of a real server see it. */
    private static ObjectNode schema(String group, JsonNode version, String kind) {
        ObjectNode schema = version.at("/schema/openAPIV3Schema").deepCopy();
        ObjectNode properties = schema.withObject("/properties");
        properties.putObject("apiVersion").put("type", "string").put("description", API_VERSION);
        properties.putObject("kind").put("type", "string").put("description", KIND);
        properties.putObject("metadata").put("$ref", META).put("description", METADATA);
        schema.putArray("x-kubernetes-group-version-kind")
                .addObject()
                .put("group", group)
                .put("version", version.path("name").asText())
                .put("kind", kind);
        return schema;
    }

    private static ScalePaths scalePaths(JsonNode scale) {
        String selector = scale.path("labelSelectorPath").asText("");
        return new ScalePaths(
                pointer(scale.path("specReplicasPath").asText()),
                pointer(scale.path("statusReplicasPath").asText()),
                selector.isEmpty() ? Optional.empty() : Optional.of(pointer(selector)));
    }

    private static String pointer(String path) {
        return path.replace('.', '/');
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
