package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.FieldError.Reason;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.schema.Patterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds what is wrong with a definition beyond its own schema. */
final class DefinitionFaults {

    private final List<FieldError> faults = new ArrayList<>();

    private DefinitionFaults() {}

    static List<FieldError> of(JsonNode definition) {
        DefinitionFaults found = new DefinitionFaults();
        found.definition(definition);
        return found.faults;
    }

    private void definition(JsonNode definition) {
        JsonNode spec = definition.path("spec");
        String wanted =
                spec.at("/names/plural").asText("") + "." + spec.path("group").asText("");
        String name = definition.at("/metadata/name").asText("");
        if (!name.equals(wanted)) {
            invalid("metadata.name", quoted(name), "must be spec.names.plural+\".\"+spec.group");
        }
        int stored = 0;
        for (int i = 0; i < spec.path("versions").size(); i++) {
            JsonNode version = spec.path("versions").get(i);
            stored += version.path("storage").asBoolean() ? 1 : 0;
            version(version, "spec.versions[" + i + "]");
        }
        if (stored != 1) {
            String detail = "must have exactly one version marked as storage version";
            invalid("spec.versions", Json.text(spec.path("versions")), detail);
        }
    }

    private void version(JsonNode version, String path) {
        JsonNode schema = version.at("/schema/openAPIV3Schema");
        if (schema.isObject()) {
            schema(schema, path + ".schema.openAPIV3Schema");
        } else {
            faults.add(FieldError.required(path + ".schema.openAPIV3Schema", "schemas are required"));
        }
        for (int c = 0; c < version.path("additionalPrinterColumns").size(); c++) {
            column(version.at("/additionalPrinterColumns/" + c), path + ".additionalPrinterColumns[" + c + "]");
        }
        JsonNode scale = version.at("/subresources/scale");
        if (scale.isObject()) {
            below("spec", scale.path("specReplicasPath"), path + ".subresources.scale.specReplicasPath");
            below("status", scale.path("statusReplicasPath"), path + ".subresources.scale.statusReplicasPath");
            if (!scale.path("labelSelectorPath").asText("").isEmpty()) {
                String parent = scale.path("labelSelectorPath").asText().startsWith(".spec.") ? "spec" : "status";
                below(parent, scale.path("labelSelectorPath"), path + ".subresources.scale.labelSelectorPath");
            }
        }
    }

    private void below(String parent, JsonNode path, String field) {
        if (!path.asText("").matches("\\." + parent + "(\\.[^.\\[\\]]+)+")) {
            invalid(field, quoted(path.asText("")), "should be a json path under ." + parent);
        }
    }

    private void column(JsonNode column, String path) {
        try {
            CustomColumns.read(Json.array().add(column));
        } catch (IllegalArgumentException e) {
            invalid(path + ".jsonPath", Json.text(column.path("jsonPath")), String.valueOf(e.getMessage()));
        }
    }

    private void schema(JsonNode schema, String path) {
        if (schema.has("$ref")) {
            faults.add(new FieldError(Reason.FieldValueForbidden, path + ".$ref", "", "$ref is not supported"));
        }
        if (schema.has("pattern")) {
            String pattern = schema.path("pattern").asText();
            Patterns.fault(pattern)
                    .ifPresent(why -> invalid(
                            path + ".pattern",
                            quoted(pattern),
                            "must be a valid regular expression, but isn't: " + why));
        }
        for (String inner : List.of("items", "additionalProperties", "not")) {
            if (schema.path(inner).isObject()) {
                schema(schema.get(inner), path + "." + inner);
            }
        }
        for (String inner : List.of("allOf", "anyOf", "oneOf")) {
            for (int i = 0; i < schema.path(inner).size(); i++) {
                schema(schema.path(inner).get(i), path + "." + inner + "[" + i + "]");
            }
        }
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            schema(property.getValue(), path + ".properties[" + property.getKey() + "]");
        }
    }

    private void invalid(String field, String value, String detail) {
        faults.add(FieldError.invalid(field, value, detail));
    }

    private static String quoted(String text) {
        return Json.text(Json.array().add(text).get(0));
    }
}
