package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.store.ObjectKey;
import dev.littoral.sandbox.apiserver.store.Store;

/** Knows which namespaces take new objects. */
final class Namespaces {

    private Namespaces() {}

    /** Refuses an object whose namespace is missing or going away. */
    static void refuseUnusable(Store store, ResourceType type, Metadata metadata) {
        String name = metadata.namespace();
        ObjectNode namespace = store.get(new ObjectKey("/namespaces", "", name))
                .orElseThrow(() -> Refusal.notFound("", "namespaces", name));
        if (Metadata.of(namespace).deleting()) {
            String why = "unable to create new content in namespace " + name + " because it is being terminated";
            throw Refusal.forbidden(type.group(), type.names().plural(), metadata.name(), why);
        }
    }
}
