package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.apply.Manager;
import dev.littoral.sandbox.apiserver.apply.Manager.Operation;
import dev.littoral.sandbox.apiserver.apply.Ownership;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.store.ObjectKey;
import dev.littoral.sandbox.apiserver.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Creates and changes objects. */
public final class Objects {

    private final Store store;
    private final Ownership ownership;
    private final InstantSource clock;

    /**
     * Takes what it works on.
     *
     * @param clock dates new objects
     */
    public Objects(Store store, Ownership ownership, InstantSource clock) {
        this.store = store;
        this.ownership = ownership;
        this.clock = clock;
    }

    /**
     * Finds an object.
     *
     * @throws Refusal when there is none
     */
    public ObjectNode get(ResourceType type, String namespace, String name) {
        ObjectNode found = store.get(type.key(namespace, name)).orElseThrow(() -> type.notFound(name));
        return presented(type, found);
    }

    /** Gives an object in the version in which it is asked for. */
    public static ObjectNode presented(ResourceType type, ObjectNode object) {
        object.put("apiVersion", type.groupVersion());
        return object;
    }

    /** Creates an object. */
    public Written create(ResourceType type, String namespace, ObjectNode body, WriteOptions options) {
        ObjectNode object = decoded(type, body);
        Metadata metadata = Identity.settle(type, namespace, object);
        if (!metadata.resourceVersion().isEmpty()) {
            throw Refusal.badRequest("resourceVersion should not be set on objects to be created");
        }
        if (metadata.name().isEmpty() && !metadata.text("generateName").isEmpty()) {
            metadata.node().put("name", Names.generated(metadata.text("generateName")));
        }
        Manager manager = new Manager(options.manager(), Operation.Update, type.groupVersion(), "");
        return store.exclusively(() -> insert(type, object, Optional.of(manager), options));
    }

    /** Replaces an object, or the part of it that is meant. */
    public Written replace(
            ResourceType type, String namespace, String name, Part part, ObjectNode body, WriteOptions options) {
        ObjectNode object = decoded(type, body);
        Metadata metadata = Identity.settle(type, namespace, object);
        Identity.refuseOtherName(metadata, name);
        return change(type, namespace, name, part, live -> replacement(type, live, metadata, object), options);
    }

    private static ObjectNode decoded(ResourceType type, ObjectNode body) {
        Decoding.fault(type, body).ifPresent(fault -> {
            String kind = type.names().kind();
            throw Refusal.badRequest(
                    kind + " in version \"" + type.version() + "\" cannot be handled as a " + kind + ": " + fault);
        });
        return body.deepCopy();
    }

    /** A custom object is replaced only by whoever says which version it knows. */
    private static ObjectNode replacement(
            ResourceType type, ObjectNode live, Metadata metadata, ObjectNode replacement) {
        String uid = Metadata.of(live).uid();
        if (!metadata.uid().isEmpty() && !metadata.uid().equals(uid)) {
            String why = "Precondition failed: UID in precondition: " + metadata.uid() + ", UID in object meta: " + uid;
            throw Refusal.conflict(type.group(), type.names().plural(), metadata.name(), why);
        }
        if (metadata.resourceVersion().isEmpty() && type.custom()) {
            FieldError fault = FieldError.invalid("metadata.resourceVersion", "0", "must be specified for an update");
            throw Refusal.invalid(type.group(), type.names().plural(), metadata.name(), List.of(fault));
        }
        return replacement;
    }

    /**
     * Changes an object.
     *
     * @param patch makes the wanted object of the present one
     */
    public Written change(
            ResourceType type,
            String namespace,
            String name,
            Part part,
            UnaryOperator<ObjectNode> patch,
            WriteOptions options) {
        return store.exclusively(() -> {
            ObjectNode live = get(type, namespace, name);
            ObjectNode wanted = patch.apply(live.deepCopy());
            Decoding.fault(type, wanted).ifPresent(fault -> {
                throw Refusal.unusablePatch(wanted, fault);
            });
            Identity.settle(type, namespace, wanted);
            Identity.refuseOtherName(Metadata.of(wanted), name);
            Manager manager = new Manager(options.manager(), Operation.Update, type.groupVersion(), part.subresource());
            return update(type, live, wanted, part, Optional.of(manager), options);
        });
    }

    /** Applies an object: creates it, or changes those of its fields that the manager owns or wants. */
    public Written apply(
            ResourceType type, String namespace, String name, Part part, ObjectNode body, WriteOptions options) {
        Applied applied = Applied.read(type, namespace, name, part, body);
        Manager manager = new Manager(options.manager(), Operation.Apply, type.groupVersion(), part.subresource());
        return store.exclusively(() -> {
            Optional<ObjectNode> live = store.get(type.key(namespace, name)).map(found -> presented(type, found));
            if (live.isEmpty()) {
                applied.refuseNew(type, name, part);
            }
            ObjectNode base = live.map(ObjectNode::deepCopy).orElseGet(() -> shell(type, namespace, name));
            ObjectNode merged =
                    ownership.apply(base, applied.object(), type.schema(), manager, options.force(), applied.shown());
            return live.isEmpty()
                    ? insert(type, merged, Optional.empty(), options)
                    : update(type, live.get(), merged, part, Optional.empty(), options);
        });
    }

    private Written insert(ResourceType type, ObjectNode object, Optional<Manager> manager, WriteOptions options) {
        Metadata metadata = Metadata.of(object);
        if (type.namespaced()) {
            Namespaces.refuseUnusable(store, type, metadata);
        }
        ObjectKey key = type.key(metadata.namespace(), metadata.name());
        List<String> warnings = Admission.prune(type, object, options);
        Parts.startOver(type, object);
        metadata.node().remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"));
        Admission.complete(type, object);
        metadata.node().put("uid", UUID.randomUUID().toString());
        metadata.node().put("creationTimestamp", Metadata.seconds(Instant.ofEpochMilli(clock.millis())));
        if (type.counted()) {
            metadata.node().put("generation", 1);
        }
        if (manager.isPresent()) {
            ObjectNode base = shell(type, "", "");
            if (!type.custom()) {
                base.putObject("spec");
                if (type.status()) {
                    base.set("status", object.path("status"));
                }
            }
            ownership.update(base, object, type.schema(), manager.get());
        }
        Admission.check(type, object, Optional.empty(), options);
        if (store.get(key).isPresent()) {
            throw Refusal.alreadyExists(type.group(), type.names().plural(), metadata.name());
        }
        if (!options.dryRun()) {
            store.put(key, object);
        }
        return new Written(object, true, warnings);
    }

    private Written update(
            ResourceType type,
            ObjectNode live,
            ObjectNode wanted,
            Part part,
            Optional<Manager> manager,
            WriteOptions options) {
        Metadata before = Metadata.of(live);
        refuseStale(type, before, Metadata.of(wanted));
        List<String> warnings = Admission.prune(type, wanted, options);
        ObjectNode next = Parts.combine(type, part, live, wanted);
        Metadata after = Metadata.of(next);
        for (String fixed : List.of(
                "uid",
                "creationTimestamp",
                "name",
                "namespace",
                "generateName",
                "generation",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "resourceVersion")) {
            after.take(fixed, before);
        }
        Admission.complete(type, next);
        if (manager.isPresent()) {
            ownership.update(live, next, type.schema(), manager.get());
        }
        if (type.counted() && Parts.wantedStateDiffers(type, live, next)) {
            after.node().put("generation", before.node().path("generation").asLong() + 1);
        }
        Admission.check(type, next, Optional.of(live), options);
        ObjectKey key = type.key(after.namespace(), after.name());
        boolean last = after.deleting()
                && after.finalizers().isEmpty()
                && after.node().path("deletionGracePeriodSeconds").asLong() == 0
                && next.at("/spec/finalizers").isEmpty();
        if (last && !options.dryRun()) {
            store.remove(key, next);
        } else if (!options.dryRun() && !Json.same(live, next)) {
            store.put(key, next);
        }
        return new Written(next, false, warnings);
    }

    private static void refuseStale(ResourceType type, Metadata before, Metadata wanted) {
        String version = wanted.resourceVersion();
        if (!version.isEmpty() && !version.equals(before.resourceVersion())) {
            throw Refusal.modified(type.group(), type.names().plural(), before.name());
        }
        if (!wanted.uid().isEmpty() && !wanted.uid().equals(before.uid())) {
            FieldError fault = FieldError.invalid("metadata.uid", "\"" + wanted.uid() + "\"", "field is immutable");
            throw Refusal.invalid(type.group(), type.names().kind(), before.name(), List.of(fault));
        }
    }

    private static ObjectNode shell(ResourceType type, String namespace, String name) {
        ObjectNode shell = Json.object().put("apiVersion", type.groupVersion());
        shell.put("kind", type.names().kind());
        ObjectNode metadata = shell.putObject("metadata");
        if (!name.isEmpty()) {
            metadata.put("name", name);
        }
        if (type.namespaced() && !namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return shell;
    }
}
