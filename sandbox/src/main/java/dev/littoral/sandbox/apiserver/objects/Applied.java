package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.resource.ResourceType;

/**
 * Holds what a manager applies.
 *
 * @param object what it wants of the object, and nothing else
 * @param uid the object that it means, empty for whichever has the name
 * @param named whether it says the name itself
 * @param shown how messages name it, as {@code default/a; example.dev/v1, Kind=Widget}
 */
record Applied(ObjectNode object, String uid, boolean named, String shown) {

    /**
     * Reads what is applied to a part of an object.
     *
     * @throws Refusal when it is something else than the path says
     */
    static Applied read(ResourceType type, String namespace, String name, Part part, ObjectNode body) {
        ObjectNode object = body.deepCopy();
        String kind = object.path("kind").asText("");
        String apiVersion = object.path("apiVersion").asText("");
        if (!apiVersion.equals(type.groupVersion()) || !kind.equals(type.names().kind())) {
            throw Refusal.badRequest("invalid object type: " + apiVersion + ", Kind=" + kind);
        }
        String given = object.at("/metadata/namespace").asText("");
        String shown = given + "/" + name + "; " + apiVersion + ", Kind=" + kind;
        if (object.hasNonNull("metadata") && !object.path("metadata").isObject()) {
            throw Refusal.untyped("failed to create typed patch object (" + shown + "): .metadata: expected map");
        }
        Metadata metadata = Metadata.of(object);
        boolean named = !metadata.name().isEmpty();
        if (named) {
            Identity.refuseOtherName(metadata, name);
        }
        if (!metadata.node().path("managedFields").isEmpty()) {
            throw Refusal.badRequest("metadata.managedFields must be nil");
        }
        Identity.settle(type, namespace, object);
        metadata.node().put("name", name);
        String uid = metadata.uid();
        Parts.restrict(type, part, object);
        return new Applied(object, uid, named, shown);
    }

    /** Refuses to create what the manager does not describe as something new. */
    void refuseNew(ResourceType type, String name, Part part) {
        if (part != Part.WHOLE) {
            throw type.notFound(name);
        }
        if (!uid.isEmpty()) {
            String why =
                    "uid mismatch: the provided object specified uid " + uid + ", and no existing object was found";
            throw Refusal.conflict(type.group(), type.names().plural(), name, why);
        }
        if (!named) {
            throw Identity.unnamed(name);
        }
    }
}
