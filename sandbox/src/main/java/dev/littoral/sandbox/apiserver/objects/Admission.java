package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.resource.CustomTypes;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.schema.Defaults;
import dev.littoral.sandbox.apiserver.schema.Pruning;
import dev.littoral.sandbox.apiserver.schema.Rules;
import dev.littoral.sandbox.apiserver.schema.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides whether an object may be stored, and brings it into shape first. */
final class Admission {

    /** An object that the real server's store would take. */
    private static final int MOST_BYTES = 3 << 19;

    private static final int MOST_DATA_BYTES = 1 << 20;
    private static final Set<String> DATA = Set.of("/configmaps", "/secrets");

    private Admission() {}

    /**
     * Drops unknown fields in place.
     *
     * @return a warning for each, where warnings are wanted
     * @throws Refusal where unknown fields are not tolerated
     */
    static List<String> prune(ResourceType type, ObjectNode object, WriteOptions options) {
        List<String> unknown = Pruning.prune(object, type.schema()).stream()
                .map(field -> "unknown field \"" + field + "\"")
                .toList();
        return switch (options.unknownFields()) {
            case Ignore -> List.of();
            case Warn -> unknown;
            case Strict -> {
                if (!unknown.isEmpty()) {
                    String kind = type.names().kind();
                    throw Refusal.badRequest(kind + " in version \"" + type.version() + "\" cannot be handled as a "
                            + kind + ": strict decoding error: " + String.join(", ", unknown));
                }
                yield List.of();
            }
        };
    }

    /** Fills defaults in place; metadata keep nothing that is empty, and built-in kinds know no null. */
    static void complete(ResourceType type, ObjectNode object) {
        Metadata.of(object).tidy();
        if (type.custom()) {
            Defaults.fill(object, type.schema());
        } else {
            dropNulls(object);
            BuiltInDefaults.fill(type, object);
        }
    }

    /**
     * Refuses an object that breaks the schema or a rule.
     *
     * @param before the object as it was, empty for a new one
     */
    static void check(ResourceType type, ObjectNode object, Optional<ObjectNode> before, WriteOptions options) {
        Metadata metadata = Metadata.of(object);
        List<FieldError> faults = new ArrayList<>(Names.faults(type, metadata));
        faults.addAll(Owners.faults(metadata));
        before.ifPresent(old -> addedFinalizers(Metadata.of(old), metadata).ifPresent(faults::add));
        List<FieldError> schemaFaults = Validation.check(object, type.schema(), "").stream()
                .filter(fault -> !fault.field().equals("metadata.name"))
                .toList();
        faults.addAll(schemaFaults);
        if (Rules.any(type.schema().node())) {
            if (faults.stream().anyMatch(FieldError::blocksRules)) {
                faults.add(FieldError.invalid(
                        "<nil>",
                        "null",
                        "some validation rules were not checked because the object was invalid; correct the existing"
                                + " errors to complete validation"));
            } else {
                JsonNode old = before.<JsonNode>map(each -> each)
                        .orElseGet(() -> Json.object().path("absent"));
                faults.addAll(Rules.check(object, old, type.schema()));
            }
        }
        if (type.storageKind().equals("apiextensions.k8s.io/customresourcedefinitions") && faults.isEmpty()) {
            faults.addAll(CustomTypes.faults(object));
            if (!options.trusted()) {
                faults.addAll(CustomTypes.uncompilable(object));
            }
        }
        if (!faults.isEmpty()) {
            throw Refusal.invalid(type.group(), type.names().kind(), metadata.name(), faults);
        }
        refuseHuge(type, object);
    }

    /** Refuses an object that is too large to be kept. */
    private static void refuseHuge(ResourceType type, ObjectNode object) {
        int bytes = Json.bytes(object).length;
        if (bytes > MOST_DATA_BYTES && DATA.contains(type.storageKind())) {
            String detail = "may not be more than " + MOST_DATA_BYTES + " bytes";
            FieldError fault = new FieldError(FieldError.Reason.FieldValueTooLong, "data", "", detail);
            throw Refusal.invalid(
                    type.group(), type.names().kind(), Metadata.of(object).name(), List.of(fault));
        }
        if (bytes > MOST_BYTES) {
            throw Refusal.tooLarge("limit is " + MOST_BYTES);
        }
    }

    private static Optional<FieldError> addedFinalizers(Metadata before, Metadata after) {
        List<String> added = new ArrayList<>(after.finalizers());
        added.removeAll(before.finalizers());
        if (!before.deleting() || added.isEmpty()) {
            return Optional.empty();
        }
        String list = "[]string{\"" + String.join("\", \"", added) + "\"}";
        return Optional.of(new FieldError(
                FieldError.Reason.FieldValueForbidden,
                "metadata.finalizers",
                "",
                "no new finalizers can be added if the object is being deleted, found new finalizers " + list));
    }

    private static void dropNulls(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
        }
        value.forEach(Admission::dropNulls);
    }
}
