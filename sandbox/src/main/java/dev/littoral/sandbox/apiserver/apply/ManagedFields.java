package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Holds who owns what of one object, as {@code metadata.managedFields} records it. */
final class ManagedFields {

    /**
     * Holds what one manager owns.
     *
     * @param fields the paths
     * @param time since when, RFC 3339
     */
    record Share(FieldSet fields, String time) {}

    private final SortedMap<Manager, Share> shares;

    private ManagedFields(SortedMap<Manager, Share> shares) {
        this.shares = shares;
    }

    /** Reads the entries of {@code managedFields}; those that make no sense are passed over. */
    static ManagedFields read(JsonNode entries) {
        TreeMap<Manager, Share> shares = new TreeMap<>();
        for (JsonNode entry : entries) {
            String operation = entry.path("operation").asText();
            if (entry.path("fieldsV1").isObject() && (operation.equals("Apply") || operation.equals("Update"))) {
                Manager manager = new Manager(
                        entry.path("manager").asText(),
                        Manager.Operation.valueOf(operation),
                        entry.path("apiVersion").asText(),
                        entry.path("subresource").asText(""));
                FieldSet fields = FieldSet.fromJson(entry.path("fieldsV1"));
                shares.put(manager, new Share(fields, entry.path("time").asText("")));
            }
        }
        return new ManagedFields(shares);
    }

    boolean isEmpty() {
        return shares.isEmpty();
    }

    FieldSet of(Manager manager) {
        Share share = shares.get(manager);
        return share == null ? FieldSet.EMPTY : share.fields();
    }

    /** Gives the shares of everyone but one. */
    Map<Manager, Share> others(Manager manager) {
        Map<Manager, Share> others = new TreeMap<>(shares);
        others.remove(manager);
        return others;
    }

    FieldSet everyones() {
        return shares.values().stream().map(Share::fields).reduce(FieldSet.EMPTY, FieldSet::union);
    }

    /** Sets what a manager owns; the time changes only with the fields, and an empty share goes away. */
    void put(Manager manager, FieldSet fields, String time) {
        Share known = shares.get(manager);
        if (fields.isEmpty()) {
            shares.remove(manager);
        } else if (known == null || !known.fields().equals(fields)) {
            shares.put(manager, new Share(fields, time));
        }
    }

    /** Takes fields from everyone but one manager, whose times stay as they are. */
    void takeFromOthers(Manager manager, FieldSet fields) {
        for (Map.Entry<Manager, Share> other : others(manager).entrySet()) {
            FieldSet left = other.getValue().fields().minus(fields);
            if (left.isEmpty()) {
                shares.remove(other.getKey());
            } else {
                shares.put(other.getKey(), new Share(left, other.getValue().time()));
            }
        }
    }

    /** Writes the entries, appliers first, each by time. */
    ArrayNode write() {
        List<Map.Entry<Manager, Share>> order = new ArrayList<>(shares.entrySet());
        order.sort(Comparator.comparing(
                        (Map.Entry<Manager, Share> entry) -> entry.getKey().operation())
                .thenComparing(entry -> entry.getValue().time())
                .thenComparing(Map.Entry::getKey));
        ArrayNode entries = Json.array();
        for (Map.Entry<Manager, Share> entry : order) {
            Manager manager = entry.getKey();
            ObjectNode json = entries.addObject()
                    .put("manager", manager.name())
                    .put("operation", manager.operation().name())
                    .put("apiVersion", manager.apiVersion())
                    .put("time", entry.getValue().time())
                    .put("fieldsType", "FieldsV1");
            json.set("fieldsV1", entry.getValue().fields().toJson());
            if (!manager.subresource().isEmpty()) {
                json.put("subresource", manager.subresource());
            }
        }
        return entries;
    }
}
