package dev.littoral.sandbox.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.Map;

/** Applies JSON merge patches (RFC 7396). */
public final class MergePatch {

    private MergePatch() {}

    /** Gives the patched value; neither argument is changed. */
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch.deepCopy();
        }
        ObjectNode patched = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            if (entry.getValue().isNull()) {
                patched.remove(entry.getKey());
            } else {
                patched.set(entry.getKey(), apply(patched.path(entry.getKey()), entry.getValue()));
            }
        }
        return patched;
    }
}
