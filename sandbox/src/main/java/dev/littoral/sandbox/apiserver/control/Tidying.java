package dev.littoral.sandbox.apiserver.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.objects.DeleteOptions;
import dev.littoral.sandbox.apiserver.objects.Deletion;
import dev.littoral.sandbox.apiserver.resource.Registry;
import dev.littoral.sandbox.apiserver.store.Change;
import dev.littoral.sandbox.apiserver.store.ObjectKey;
import dev.littoral.sandbox.apiserver.store.Store;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Deletes what has lost its owner, its namespace or its definition, and then lets those go that waited for it. */
public final class Tidying {

    private final Store store;
    private final Registry registry;
    private final Deletion deletion;

    /** Takes what it works on. */
    public Tidying(Store store, Registry registry, Deletion deletion) {
        this.store = store;
        this.registry = registry;
        this.deletion = deletion;
    }

    /** Tells whether a change may leave something to tidy up. */
    static boolean concerns(Change change, ObjectNode object) {
        return change.type() == Change.Type.DELETED
                || Metadata.of(object).deleting()
                || !object.at("/metadata/ownerReferences").isEmpty();
    }

    /** Looks at all objects once. */
    void tidy() {
        Map<ObjectKey, ObjectNode> all = new LinkedHashMap<>();
        for (ObjectKey key : store.keys()) {
            store.get(key).ifPresent(object -> all.put(key, ties(object)));
        }
        Set<String> alive = new HashSet<>();
        all.values().forEach(object -> alive.add(Metadata.of(object).uid()));
        all.forEach((key, object) -> {
            if (!object.at("/metadata/ownerReferences").isEmpty() && ownersGone(object, alive)) {
                delete(key);
            }
        });
        all.forEach((key, object) -> {
            Metadata metadata = Metadata.of(object);
            if (metadata.deleting()) {
                settle(key, metadata, all);
            }
        });
    }

    /** Keeps of an object only what ties it to others: all of all objects would not fit into memory as trees. */
    private static ObjectNode ties(ObjectNode object) {
        ObjectNode ties = Json.object();
        ObjectNode metadata = Metadata.of(object).node();
        metadata.retain("name", "uid", "finalizers", "ownerReferences", "deletionTimestamp");
        ties.set("metadata", metadata);
        return ties;
    }

    private static boolean ownersGone(ObjectNode object, Set<String> alive) {
        for (JsonNode owner : object.at("/metadata/ownerReferences")) {
            if (alive.contains(owner.path("uid").asText())) {
                return false;
            }
        }
        return true;
    }

    private void settle(ObjectKey key, Metadata metadata, Map<ObjectKey, ObjectNode> all) {
        if (key.kind().equals("/namespaces")) {
            List<ObjectKey> contents = all.keySet().stream()
                    .filter(each -> each.namespace().equals(key.name()))
                    .toList();
            contents.forEach(this::delete);
            if (contents.isEmpty()) {
                release(key, "kubernetes");
            }
        } else if (metadata.finalizers().contains(Deletion.DEFINITION)) {
            String kind = kindOf(metadata.name());
            List<ObjectKey> instances = all.keySet().stream()
                    .filter(each -> each.kind().equals(kind))
                    .toList();
            instances.forEach(this::delete);
            if (instances.isEmpty()) {
                release(key, Deletion.DEFINITION);
            }
        }
        if (metadata.finalizers().contains(Deletion.ORPHAN)) {
            owned(metadata.uid(), all).forEach((each, object) -> disown(each, metadata.uid()));
            release(key, Deletion.ORPHAN);
        }
        if (metadata.finalizers().contains(Deletion.FOREGROUND)) {
            Map<ObjectKey, ObjectNode> owned = owned(metadata.uid(), all);
            owned.keySet().forEach(this::delete);
            if (owned.isEmpty()) {
                release(key, Deletion.FOREGROUND);
            }
        }
    }

    /** The definition {@code plural.group} is of the kind {@code group/plural}. */
    private static String kindOf(String definition) {
        int dot = definition.indexOf('.');
        return definition.substring(dot + 1) + "/" + definition.substring(0, dot);
    }

    private static Map<ObjectKey, ObjectNode> owned(String uid, Map<ObjectKey, ObjectNode> all) {
        Map<ObjectKey, ObjectNode> owned = new LinkedHashMap<>();
        all.forEach((key, object) -> {
            for (JsonNode owner : object.at("/metadata/ownerReferences")) {
                if (owner.path("uid").asText().equals(uid)) {
                    owned.put(key, object);
                }
            }
        });
        return owned;
    }

    private void delete(ObjectKey key) {
        registry.stored(key.kind()).ifPresent(type -> {
            try {
                deletion.delete(type, key.namespace(), key.name(), DeleteOptions.GRACEFULLY);
            } catch (Refusal gone) {
                // someone else deleted it in the meantime
                assert gone.code() == 404 : gone.getMessage();
            }
        });
    }

    private void disown(ObjectKey key, String owner) {
        change(key, object -> {
            ArrayNode references = object.withObject("/metadata").withArray("/ownerReferences");
            for (int i = references.size() - 1; i >= 0; i--) {
                if (references.get(i).path("uid").asText().equals(owner)) {
                    references.remove(i);
                }
            }
        });
    }

    /** Takes a finalizer from an object, which goes away with its last one. */
    private void release(ObjectKey key, String finalizer) {
        change(key, object -> {
            for (String list : List.of("/metadata/finalizers", "/spec/finalizers")) {
                if (object.at(list) instanceof ArrayNode finalizers) {
                    for (int i = finalizers.size() - 1; i >= 0; i--) {
                        if (finalizers.get(i).asText().equals(finalizer)) {
                            finalizers.remove(i);
                        }
                    }
                }
            }
        });
    }

    private void change(ObjectKey key, java.util.function.Consumer<ObjectNode> step) {
        store.exclusively(() -> store.get(key).map(object -> {
            step.accept(object);
            Metadata metadata = Metadata.of(object);
            metadata.tidy();
            boolean last = metadata.deleting()
                    && metadata.finalizers().isEmpty()
                    && object.at("/spec/finalizers").isEmpty()
                    && metadata.node().path("deletionGracePeriodSeconds").asLong() == 0;
            if (last) {
                store.remove(key, object);
            } else {
                store.put(key, object);
            }
            return key;
        }));
    }
}
