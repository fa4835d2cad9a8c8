package dev.littoral.sandbox.apiserver.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.objects.Objects;
import dev.littoral.sandbox.apiserver.objects.Part;
import dev.littoral.sandbox.apiserver.objects.WriteOptions;
import dev.littoral.sandbox.apiserver.resource.CustomTypes;
import dev.littoral.sandbox.apiserver.resource.Registry;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.store.Change;
import dev.littoral.sandbox.apiserver.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/** Serves the kinds that definitions add, and says in their status that it does. */
public final class Definitions {

    private static final String KIND = "apiextensions.k8s.io/customresourcedefinitions";

    private final Registry registry;
    private final CustomTypes types;
    private final Objects objects;
    private final InstantSource clock;

    /** Takes what it works on, and the clock that dates conditions. */
    public Definitions(Registry registry, CustomTypes types, Objects objects, InstantSource clock) {
        this.registry = registry;
        this.types = types;
        this.objects = objects;
        this.clock = clock;
    }

    /** Takes notice of a change to any object. */
    public void changed(Change change, ObjectNode object) {
        if (!change.key().kind().equals(KIND)) {
            return;
        }
        if (change.type() == Change.Type.DELETED) {
            registry.undefine(change.key().name());
        } else {
            serve(object);
        }
    }

    /** Takes notice of all definitions as they are now, whatever changed them. */
    public void lookAtAll(Store store) {
        Set<String> present = new HashSet<>();
        store.list(KIND, "").entries().forEach(entry -> {
            present.add(entry.getKey().name());
            serve(Json.readOwn(entry.getValue()));
        });
        registry.definitions().stream().filter(name -> !present.contains(name)).forEach(registry::undefine);
    }

    private void serve(ObjectNode definition) {
        String name = Metadata.of(definition).name();
        registry.define(name, types.read(definition));
        if (definition.at("/status/conditions").isEmpty()
                && !Metadata.of(definition).deleting()) {
            establish(name);
        }
    }

    private void establish(String name) {
        ResourceType type = registry.find("apiextensions.k8s.io", "v1", "customresourcedefinitions")
                .orElseThrow();
        objects.change(type, "", name, Part.STATUS, this::established, WriteOptions.AS_SERVER);
    }

    private ObjectNode established(ObjectNode definition) {
        ObjectNode status = Json.object();
        ArrayNode conditions = status.putArray("conditions");
        condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found");
        condition(conditions, "Established", "InitialNamesAccepted", "the initial names have been accepted");
        status.set("acceptedNames", definition.at("/spec/names").deepCopy());
        ArrayNode stored = status.putArray("storedVersions");
        for (JsonNode version : definition.at("/spec/versions")) {
            if (version.path("storage").asBoolean()) {
                stored.add(version.path("name").asText());
            }
        }
        definition.set("status", status);
        return definition;
    }

    private void condition(ArrayNode conditions, String type, String reason, String message) {
        String now = Metadata.seconds(Instant.ofEpochMilli(clock.millis()));
        conditions
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastTransitionTime", now)
                .put("reason", reason)
                .put("message", message);
    }

    /** Creates a definition that the server is started with, and serves its kinds at once. */
    public void install(ObjectNode definition) {
        ResourceType type = registry.find("apiextensions.k8s.io", "v1", "customresourcedefinitions")
                .orElseThrow();
        ObjectNode created =
                objects.create(type, "", definition, WriteOptions.AS_SERVER).object();
        registry.define(Metadata.of(created).name(), types.read(created));
        establish(Metadata.of(created).name());
    }
}
