package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.store.ObjectKey;
import dev.littoral.sandbox.apiserver.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Deletes objects: at once, or once their finalizers, their grace period or their contents are gone. */
public final class Deletion {

    /** Held by an owner until what it owns is deleted. */
    public static final String FOREGROUND = "foregroundDeletion";

    /** Held by an owner until what it owned has no owner. */
    public static final String ORPHAN = "orphan";

    /** Held by a definition until its objects are gone. */
    public static final String DEFINITION = "customresourcecleanup.apiextensions.k8s.io";

    private static final Set<String> PERMANENT = Set.of("default", "kube-system", "kube-public", "kube-node-lease");

    private final Store store;
    private final InstantSource clock;

    /** Takes what it works on, and the clock that dates deletions. */
    public Deletion(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Tells what became of a deletion.
     *
     * @param object the object's last state
     * @param gone whether it is no longer stored
     */
    public record Deleted(ObjectNode object, boolean gone) {}

    /**
     * Deletes an object.
     *
     * @throws Refusal when there is none, it may not be deleted, or a precondition fails
     */
    public Deleted delete(ResourceType type, String namespace, String name, DeleteOptions options) {
        ObjectKey key = type.key(namespace, name);
        if (type.storageKind().equals("/namespaces") && PERMANENT.contains(name)) {
            throw Refusal.forbidden("", "namespaces", name, "this namespace may not be deleted");
        }
        return store.exclusively(() -> {
            ObjectNode object = store.get(key).orElseThrow(() -> type.notFound(name));
            Metadata metadata = Metadata.of(object);
            refuseOther(type, metadata, options);
            boolean wasDeleting = metadata.deleting();
            long grace = graceSeconds(type, object, options);
            holdBack(type, object, options);
            boolean gone = metadata.finalizers().isEmpty()
                    && grace == 0
                    && object.at("/spec/finalizers").isEmpty();
            if (options.dryRun()) {
                return new Deleted(object, gone);
            }
            if (gone) {
                store.remove(key, object);
                return new Deleted(object, true);
            }
            long graceBefore =
                    metadata.node().path("deletionGracePeriodSeconds").asLong();
            if (!wasDeleting || grace < graceBefore) {
                Instant end = Instant.ofEpochMilli(clock.millis()).plusSeconds(grace);
                metadata.node().put("deletionTimestamp", Metadata.seconds(end));
                metadata.node().put("deletionGracePeriodSeconds", grace);
                if (type.counted() && !wasDeleting) {
                    metadata.node()
                            .put(
                                    "generation",
                                    metadata.node().path("generation").asLong() + 1);
                }
                store.put(key, object);
            }
            return new Deleted(object, false);
        });
    }

    private static void refuseOther(ResourceType type, Metadata metadata, DeleteOptions options) {
        String kind = type.custom() ? type.names().kind() : type.names().plural();
        options.uid().filter(uid -> !uid.equals(metadata.uid())).ifPresent(uid -> {
            throw Refusal.conflict(
                    type.group(),
                    kind,
                    metadata.name(),
                    "the UID in the precondition (" + uid + ") does not match the UID in record (" + metadata.uid()
                            + "). The object might have been deleted and then recreated");
        });
        options.resourceVersion()
                .filter(version -> !version.equals(metadata.resourceVersion()))
                .ifPresent(version -> {
                    throw Refusal.conflict(
                            type.group(),
                            kind,
                            metadata.name(),
                            "the ResourceVersion in the precondition (" + version
                                    + ") does not match the ResourceVersion in record (" + metadata.resourceVersion()
                                    + "). The object might have been modified");
                });
    }

    /** Only a pod that may run on a node needs time to end. */
    private static long graceSeconds(ResourceType type, ObjectNode object, DeleteOptions options) {
        String phase = object.at("/status/phase").asText("");
        boolean ended = phase.equals("Failed") || phase.equals("Succeeded");
        boolean bound = !object.at("/spec/nodeName").asText("").isEmpty();
        if (!type.storageKind().equals("/pods") || !bound || ended) {
            return 0;
        }
        long wanted = options.graceSeconds()
                .orElse(object.at("/spec/terminationGracePeriodSeconds").asLong(30));
        Metadata metadata = Metadata.of(object);
        return metadata.deleting()
                ? Math.min(
                        wanted,
                        metadata.node().path("deletionGracePeriodSeconds").asLong())
                : wanted;
    }

    private static void holdBack(ResourceType type, ObjectNode object, DeleteOptions options) {
        Optional<String> held = switch (options.propagation()) {
            case Background -> Optional.empty();
            case Foreground -> Optional.of(FOREGROUND);
            case Orphan -> Optional.of(ORPHAN);
        };
        held.ifPresent(finalizer -> addFinalizer(object, finalizer));
        if (type.storageKind().equals("apiextensions.k8s.io/customresourcedefinitions")) {
            addFinalizer(object, DEFINITION);
        }
        if (type.storageKind().equals("/namespaces")) {
            object.withObject("/status").put("phase", "Terminating");
        }
    }

    private static void addFinalizer(ObjectNode object, String finalizer) {
        Metadata metadata = Metadata.of(object);
        if (!metadata.finalizers().contains(finalizer)) {
            ArrayNode finalizers = metadata.node().withArray("/finalizers");
            finalizers.add(finalizer);
        }
    }
}
