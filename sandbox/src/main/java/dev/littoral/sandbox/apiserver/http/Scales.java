package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.resource.ResourceType.ScalePaths;
import java.util.List;

/** Shows objects as {@code autoscaling/v1} Scales, and writes Scales back into objects. */
final class Scales {

    private Scales() {}

    /** Gives the scale of an object. */
    static ObjectNode of(ScalePaths paths, ObjectNode object) {
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        Metadata metadata = Metadata.of(scale);
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            metadata.take(field, Metadata.of(object));
        }
        scale.putObject("spec").put("replicas", object.at(paths.wanted()).asInt());
        ObjectNode status = scale.putObject("status");
        status.put("replicas", object.at(paths.actual()).asInt());
        paths.selector()
                .map(object::at)
                .filter(JsonNode::isTextual)
                .ifPresent(selector -> status.set("selector", selector));
        return scale;
    }

    /** Gives the object with the number of replicas that a scale wants. */
    static ObjectNode write(ScalePaths paths, ObjectNode object, JsonNode scale) {
        JsonNode given = scale.at("/spec/replicas");
        boolean absent = given.isMissingNode() || given.isNull();
        if (!absent && !(given.isIntegralNumber() && given.canConvertToInt())) {
            throw Refusal.badRequest("json: cannot unmarshal " + Json.text(given)
                    + " into Go struct field ScaleSpec.spec.replicas of type int32");
        }
        JsonNode replicas = IntNode.valueOf(given.asInt());
        if (replicas.intValue() < 0) {
            FieldError fault =
                    FieldError.invalid("spec.replicas", Json.text(replicas), "must be greater than or equal to 0");
            String name = scale.at("/metadata/name").asText("");
            throw Refusal.invalid("autoscaling", "Scale", name, List.of(fault));
        }
        int end = paths.wanted().lastIndexOf('/');
        object.withObject(paths.wanted().substring(0, end)).set(paths.wanted().substring(end + 1), replicas);
        String version = scale.at("/metadata/resourceVersion").asText("");
        if (!version.isEmpty()) {
            Metadata.of(object).node().put("resourceVersion", version);
        }
        return object;
    }
}
