package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.error.Refusal.FieldConflict;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keeps account of who owns which field, and settles what an apply may change. */
public final class Ownership {

    /** What the server itself sets, which nobody owns. */
    private static final FieldSet SERVERS_OWN = FieldSet.fromJson(serversOwn());

    private final InstantSource clock;

    /** Takes the clock that dates entries. */
    public Ownership(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Applies an object over a live one.
     *
     * @param live the object as it is; for a new one, only its identity
     * @param applied all that the manager wants of the object
     * @param what how messages name the object, as {@code default/a; example.dev/v1, Kind=Widget}
     * @param force take conflicting fields from their owners
     * @return the merged object, with its {@code managedFields}
     * @throws Refusal when the object does not fit its schema, or fields belong to others
     */
    public ObjectNode apply(
            ObjectNode live, ObjectNode applied, Schema schema, Manager manager, boolean force, String what) {
        refuseUntyped(applied, schema, what);
        ManagedFields managed = ManagedFields.read(live.at("/metadata/managedFields"));
        FieldSet before = managed.of(manager);
        if (managed.isEmpty() && live.path("metadata").has("uid")) {
            Manager nobody = new Manager("before-first-apply", Manager.Operation.Update, manager.apiVersion(), "");
            managed.put(nobody, OwnedFields.of(live, schema).minus(SERVERS_OWN), now());
        }
        ObjectNode merged = (ObjectNode) ApplyMerge.merge(live, applied, schema);
        FieldSet wanted = OwnedFields.of(applied, schema).minus(SERVERS_OWN);
        managed.put(manager, wanted, now());
        ApplyMerge.takeAway(merged, before, managed.everyones(), schema);

        Comparison change = Comparison.of(live, merged, schema);
        FieldSet touched = change.added().union(change.changed());
        if (!force) {
            refuseConflicts(managed.others(manager), touched.minus(LastApplied.undisputed(live, schema, manager)));
        }
        managed.takeFromOthers(manager, touched.union(change.removed()));
        LastApplied.keepUp(merged, applied, manager);
        Metadata.of(merged).node().set("managedFields", managed.write());
        return merged;
    }

    private static void refuseConflicts(Map<Manager, ManagedFields.Share> others, FieldSet touched) {
        List<FieldConflict> conflicts = new ArrayList<>();
        others.forEach((other, share) -> {
            for (String path : share.fields().intersect(touched).shown()) {
                conflicts.add(new FieldConflict(other.shown(), path));
            }
        });
        if (!conflicts.isEmpty()) {
            throw Refusal.applyConflict(message(conflicts), conflicts);
        }
    }

    /** Records in {@code after} that a manager changed an object from {@code before} by other means than apply. */
    public void update(ObjectNode before, ObjectNode after, Schema schema, Manager manager) {
        ManagedFields managed = ManagedFields.read(claimed(before, after));
        Comparison change = Comparison.of(withoutClaims(before), withoutClaims(after), schema);
        FieldSet touched = change.added().union(change.changed());
        managed.takeFromOthers(manager, touched.union(change.removed()));
        FieldSet mine =
                managed.of(manager).union(touched).minus(change.removed()).minus(SERVERS_OWN);
        managed.put(manager, mine, now());
        if (managed.isEmpty()) {
            Metadata.of(after).node().remove("managedFields");
        } else {
            Metadata.of(after).node().set("managedFields", managed.write());
        }
    }

    /** A client may rewrite the entries, or clear them with an empty one; leaving them out changes nothing. */
    private static JsonNode claimed(ObjectNode before, ObjectNode after) {
        JsonNode given = after.at("/metadata/managedFields");
        boolean reset = given.isArray()
                && (given.isEmpty() || (given.size() == 1 && given.get(0).isEmpty()));
        if (reset) {
            return Json.array();
        }
        return ManagedFields.read(given).isEmpty() ? before.at("/metadata/managedFields") : given;
    }

    private static ObjectNode withoutClaims(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        Metadata.of(copy).node().remove("managedFields");
        return copy;
    }

    private static void refuseUntyped(ObjectNode applied, Schema schema, String what) {
        List<String> faults = TypedCheck.faults(applied, schema);
        if (!faults.isEmpty()) {
            String list = faults.size() == 1 ? faults.getFirst() : "errors:\n  " + String.join("\n  ", faults);
            throw Refusal.untyped("failed to create typed patch object (" + what + "): " + list);
        }
    }

    private static String message(List<FieldConflict> conflicts) {
        if (conflicts.size() == 1) {
            FieldConflict only = conflicts.getFirst();
            return "Apply failed with 1 conflict: conflict with " + only.manager() + ": " + only.field();
        }
        List<String> lines = new ArrayList<>();
        String last = "";
        for (FieldConflict conflict : conflicts) {
            if (!conflict.manager().equals(last)) {
                lines.add("conflicts with " + conflict.manager() + ":");
                last = conflict.manager();
            }
            lines.add("- " + conflict.field());
        }
        return "Apply failed with " + conflicts.size() + " conflicts: " + String.join("\n", lines);
    }

    private String now() {
        return Metadata.seconds(Instant.ofEpochMilli(clock.millis()));
    }

    private static ObjectNode serversOwn() {
        ObjectNode fields = Json.object();
        fields.putObject("f:apiVersion");
        fields.putObject("f:kind");
        ObjectNode metadata = fields.putObject("f:metadata");
        metadata.putObject(".");
        for (String name : List.of(
                "name",
                "namespace",
                "creationTimestamp",
                "selfLink",
                "uid",
                "generation",
                "managedFields",
                "resourceVersion",
                "deletionTimestamp",
                "deletionGracePeriodSeconds")) {
            metadata.putObject("f:" + name);
        }
        return fields;
    }
}
