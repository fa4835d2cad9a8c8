package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import java.util.ArrayList;
import java.util.List;

/** Checks what an object says of its owners. */
final class Owners {

    private static final String FIELD = "metadata.ownerReferences";
    private static final List<String> FIELDS =
            List.of("apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion");

    private Owners() {}

    /** Finds references that name nothing, and a second controller. */
    static List<FieldError> faults(Metadata metadata) {
        List<FieldError> faults = new ArrayList<>();
        String controller = "";
        for (JsonNode owner : metadata.node().path("ownerReferences")) {
            String kind = owner.path("kind").asText("");
            String name = owner.path("name").asText("");
            String apiVersion = owner.path("apiVersion").asText("");
            empty("apiVersion", apiVersion, "version must not be empty", faults);
            empty("kind", kind, "must not be empty", faults);
            empty("name", name, "must not be empty", faults);
            empty("uid", owner.path("uid").asText(""), "must not be empty", faults);
            if (apiVersion.equals("v1") && kind.equals("Event")) {
                String detail = "/v1, Kind=Event is disallowed from being an owner";
                faults.add(FieldError.invalid(FIELD, Json.text(spelled(owner)), detail));
            }
            if (owner.path("controller").asBoolean()) {
                if (!controller.isEmpty()) {
                    faults.add(twoControllers(metadata, controller, kind + "/" + name));
                } else {
                    controller = kind + "/" + name;
                }
            }
        }
        return faults;
    }

    private static void empty(String field, String value, String detail, List<FieldError> faults) {
        if (value.isEmpty()) {
            faults.add(FieldError.invalid(FIELD + "." + field, "\"\"", detail));
        }
    }

    private static FieldError twoControllers(Metadata metadata, String first, String second) {
        var all = Json.array();
        metadata.node().path("ownerReferences").forEach(owner -> all.add(spelled(owner)));
        String detail = "Only one reference can have Controller set to true. Found \"true\" in references for " + first
                + " and " + second;
        return FieldError.invalid(FIELD, Json.text(all), detail);
    }

    /** Messages show the fields in the order of the type, however a client sent them. */
    private static ObjectNode spelled(JsonNode owner) {
        ObjectNode spelled = Json.object();
        FIELDS.stream().filter(owner::has).forEach(field -> spelled.set(field, owner.get(field)));
        return spelled;
    }
}
