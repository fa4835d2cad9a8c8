package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.nio.charset.StandardCharsets;

/** Knows the annotation in which kubectl's older apply, the client's, keeps what it applied last. */
final class LastApplied {

    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

    /** Only kubectl under its own name goes on where its older apply ended. */
    private static final String KUBECTL = "kubectl";

    private LastApplied() {}

    /** Gives the fields that the client applied and that still are as it did: these it may change without a conflict. */
    static FieldSet undisputed(ObjectNode live, Schema schema, Manager manager) {
        String text = annotation(live);
        if (!manager.name().equals(KUBECTL) || text.isEmpty()) {
            return FieldSet.EMPTY;
        }
        JsonNode last;
        try {
            last = Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return FieldSet.EMPTY; // whoever writes nonsense there gains nothing by it
        }
        if (!last.path("apiVersion").asText("").equals(manager.apiVersion())) {
            return FieldSet.EMPTY;
        }
        Comparison since = Comparison.of(last, live, schema);
        return OwnedFields.of(last, schema).minus(since.changed()).minus(since.removed());
    }

    /** Brings the annotation up to date, in place, where there is one. */
    static void keepUp(ObjectNode merged, ObjectNode applied, Manager manager) {
        if (!manager.name().equals(KUBECTL) || annotation(merged).isEmpty()) {
            return;
        }
        ObjectNode last = applied.deepCopy();
        if (last.at("/metadata/annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        Metadata.of(merged).node().withObject("/annotations").put(ANNOTATION, Json.text(last) + "\n");
    }

    private static String annotation(JsonNode object) {
        return object.at("/metadata/annotations").path(ANNOTATION).asText("");
    }
}
