package dev.littoral.sandbox.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies strategic merge patches, which know from the schema how lists merge. */
public final class StrategicMergePatch {

    private static final String DIRECTIVE = "$patch";
    private static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList/";
    private static final String ORDER = "$setElementOrder/";
    private static final String RETAIN = "$retainKeys";

    private StrategicMergePatch() {}

    /** Gives the patched value; neither argument is changed. */
    public static JsonNode apply(JsonNode target, JsonNode patch, Schema schema) {
        return patch.isObject() ? object(target, patch, schema) : patch.deepCopy();
    }

    private static JsonNode object(JsonNode target, JsonNode patch, Schema schema) {
        String directive = patch.path(DIRECTIVE).asText("");
        if (directive.equals("replace")) {
            ObjectNode replacement = patch.deepCopy();
            replacement.remove(DIRECTIVE);
            return replacement;
        }
        if (directive.equals("delete")) {
            return Json.object();
        }
        if (!directive.isEmpty() && !directive.equals("merge")) {
            throw Refusal.badRequest("unknown patch type: " + directive);
        }
        ObjectNode patched = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
        if (patch.path(RETAIN).isArray()) {
            List<String> kept = new ArrayList<>();
            patch.get(RETAIN).forEach(name -> kept.add(name.asText()));
            patched.retain(kept);
        }
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (name.startsWith(DELETE_FROM_LIST)) {
                removeValues(patched.path(name.substring(DELETE_FROM_LIST.length())), value);
            } else if (!name.startsWith("$")) {
                if (value.isNull()) {
                    patched.remove(name);
                } else {
                    Schema child = schema.field(name).orElse(schema);
                    JsonNode old = patched.path(name);
                    JsonNode order = patch.path(ORDER + name);
                    patched.set(name, value.isArray() ? list(old, value, order, child) : apply(old, value, child));
                }
            }
        }
        return patched;
    }

    private static JsonNode list(JsonNode target, JsonNode patch, JsonNode order, Schema schema) {
        if (!schema.patchStrategy("merge") || replaces(patch)) {
            ArrayNode plain = Json.array();
            patch.forEach(item -> {
                if (!item.has(DIRECTIVE)) {
                    plain.add(item.deepCopy());
                }
            });
            return plain;
        }
        Optional<String> key = schema.patchMergeKey();
        List<JsonNode> merged = new ArrayList<>();
        target.forEach(item -> merged.add(item.deepCopy()));
        for (JsonNode item : patch) {
            int at = position(merged, item, key);
            if (item.path(DIRECTIVE).asText("").equals("delete")) {
                if (at >= 0) {
                    merged.remove(at);
                }
            } else if (at >= 0) {
                merged.set(at, apply(merged.get(at), item, schema.items()));
            } else {
                merged.add(apply(Json.object().path("absent"), item, schema.items()));
            }
        }
        sort(merged, order, key);
        ArrayNode result = Json.array();
        merged.forEach(result::add);
        return result;
    }

    private static boolean replaces(JsonNode patch) {
        for (JsonNode item : patch) {
            if (item.path(DIRECTIVE).asText("").equals("replace")) {
                return true;
            }
        }
        return false;
    }

    private static int position(List<JsonNode> items, JsonNode item, Optional<String> key) {
        for (int i = 0; i < items.size(); i++) {
            if (Json.same(identity(items.get(i), key), identity(item, key))) {
                return i;
            }
        }
        return -1;
    }

    private static JsonNode identity(JsonNode item, Optional<String> key) {
        return key.isPresent() && item.isObject() ? item.path(key.get()) : item;
    }

    /** Items that the order does not name go last, as they were. */
    private static void sort(List<JsonNode> items, JsonNode order, Optional<String> key) {
        if (order.isArray()) {
            List<JsonNode> wanted = new ArrayList<>();
            order.forEach(each -> wanted.add(identity(each, key)));
            items.sort(java.util.Comparator.comparingInt(item -> {
                for (int i = 0; i < wanted.size(); i++) {
                    if (Json.same(wanted.get(i), identity(item, key))) {
                        return i;
                    }
                }
                return Integer.MAX_VALUE;
            }));
        }
    }

    private static void removeValues(JsonNode list, JsonNode values) {
        if (list instanceof ArrayNode array) {
            for (JsonNode value : values) {
                for (int i = array.size() - 1; i >= 0; i--) {
                    if (Json.same(array.get(i), value)) {
                        array.remove(i);
                    }
                }
            }
        }
    }
}
