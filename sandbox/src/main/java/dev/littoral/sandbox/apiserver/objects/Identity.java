package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import java.util.List;

/** Compares what an object says that it is with what a request says. */
public final class Identity {

    private Identity() {}

    /** Checks the kind and namespace that an object claims, and fills them in, in place, where it claims none. */
    static Metadata settle(ResourceType type, String namespace, ObjectNode object) {
        refuseOtherKind(type, object);
        object.put("apiVersion", type.groupVersion()).put("kind", type.names().kind());
        Metadata read = Metadata.of(object);
        if (!type.namespaced()) {
            read.node().remove("namespace");
        } else if (read.namespace().isEmpty()) {
            read.node().put("namespace", namespace);
        } else if (!read.namespace().equals(namespace)) {
            throw Refusal.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        return read;
    }

    private static void refuseOtherKind(ResourceType type, ObjectNode object) {
        String wanted = type.names().kind();
        String kind = object.path("kind").asText(wanted);
        String apiVersion = object.path("apiVersion").asText(type.groupVersion());
        boolean sameVersion = apiVersion.equals(type.groupVersion());
        if (sameVersion && kind.equals(wanted)) {
            return;
        }
        if (!type.custom()) {
            throw Refusal.badRequest(kind + " in version \"" + apiVersion + "\" cannot be handled as a " + wanted
                    + ": no kind \"" + kind + "\" is registered for version \"" + apiVersion + "\"");
        }
        if (!sameVersion) {
            throw Refusal.badRequest("the API version in the data (" + apiVersion
                    + ") does not match the expected API version (" + type.groupVersion() + ")");
        }
        FieldError fault = FieldError.invalid("kind", "\"" + kind + "\"", "must be " + wanted);
        String name = Metadata.of(object).name();
        throw Refusal.invalid(type.group(), kind, name, List.of(fault));
    }

    static Refusal unnamed(String name) {
        return Refusal.badRequest(
                "the name of the object (" + name + " based on URL) was undeterminable: name must be provided");
    }

    /** Refuses an object that has no name, or another one than its path. */
    public static void refuseOtherName(Metadata metadata, String name) {
        if (metadata.name().isEmpty()) {
            throw unnamed(name);
        }
        if (!metadata.name().equals(name)) {
            throw Refusal.badRequest("the name of the object (" + metadata.name()
                    + ") does not match the name on the URL (" + name + ")");
        }
    }
}
