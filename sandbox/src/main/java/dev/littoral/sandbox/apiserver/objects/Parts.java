package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import java.util.List;

/** Keeps writes of the status and writes of all else apart. */
final class Parts {

    private static final List<String> IDENTITY = List.of("name", "namespace", "uid", "resourceVersion");

    private Parts() {}

    /** Removes a status from a new object, in place; a node comes with its own. */
    static void startOver(ResourceType type, ObjectNode object) {
        if (type.status() && !type.storageKind().equals("/nodes")) {
            object.remove("status");
        }
    }

    /** Removes from an applied object, in place, what is not meant by a write to this part. */
    static void restrict(ResourceType type, Part part, ObjectNode applied) {
        if (part == Part.STATUS) {
            applied.retain("apiVersion", "kind", "metadata", "status");
            if (type.custom()) {
                Metadata.of(applied).node().retain(IDENTITY);
            }
        } else if (type.status()) {
            applied.remove("status");
        }
    }

    /** Makes the next object of the live one and a wanted one; the part decides which gives what. */
    static ObjectNode combine(ResourceType type, Part part, ObjectNode live, ObjectNode wanted) {
        if (part != Part.STATUS) {
            ObjectNode next = wanted.deepCopy();
            if (type.status()) {
                take("status", live, next);
            }
            return next;
        }
        ObjectNode next = live.deepCopy();
        take("status", wanted, next);
        Metadata metadata = Metadata.of(next);
        Metadata given = Metadata.of(wanted);
        metadata.take("managedFields", given);
        if (!type.custom()) {
            // Node programs have always set labels and annotations along with a built-in kind's status.
            metadata.take("labels", given);
            metadata.take("annotations", given);
        }
        return next;
    }

    /** Tells whether two states of an object differ in what is wanted, not only in metadata or status. */
    static boolean wantedStateDiffers(ResourceType type, ObjectNode before, ObjectNode after) {
        return !Json.same(wantedState(type, before), wantedState(type, after));
    }

    private static JsonNode wantedState(ResourceType type, ObjectNode object) {
        ObjectNode wanted = object.deepCopy();
        wanted.remove(type.status() ? List.of("metadata", "status") : List.of("metadata"));
        return wanted;
    }

    private static void take(String field, ObjectNode from, ObjectNode to) {
        if (from.has(field)) {
            to.set(field, from.get(field).deepCopy());
        } else {
            to.remove(field);
        }
    }
}
