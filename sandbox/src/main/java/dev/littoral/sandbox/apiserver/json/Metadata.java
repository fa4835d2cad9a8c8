package dev.littoral.sandbox.apiserver.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads and writes an object's metadata in place.
 *
 * @param node the object's {@code metadata}
 */
public record Metadata(ObjectNode node) {

    /** Finds an object's metadata, adding an empty one where there is none. */
    public static Metadata of(ObjectNode object) {
        return object.path("metadata") instanceof ObjectNode present
                ? new Metadata(present)
                : new Metadata(object.putObject("metadata"));
    }

    /** Gives a point of time the way that metadata spell it: UTC, whole seconds. */
    public static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Gives the name, empty where there is none. */
    public String name() {
        return text("name");
    }

    /** Gives the namespace, empty where there is none. */
    public String namespace() {
        return text("namespace");
    }

    /** Gives the unique id, empty before the object is stored. */
    public String uid() {
        return text("uid");
    }

    /** Gives the resource version, empty where there is none. */
    public String resourceVersion() {
        return text("resourceVersion");
    }

    /** Gives a text field, empty where it is absent or null. */
    public String text(String field) {
        return node.path(field).asText("").equals("null") && node.path(field).isNull()
                ? ""
                : node.path(field).asText("");
    }

    /** Tells whether the object waits for its deletion to be finished. */
    public boolean deleting() {
        return node.hasNonNull("deletionTimestamp");
    }

    /** Gives the finalizers that keep the object from going away. */
    public List<String> finalizers() {
        List<String> names = new ArrayList<>();
        node.path("finalizers").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Gives a label's value. */
    public Optional<String> label(String key) {
        JsonNode value = node.path("labels").path(key);
        return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
    }

    /** Removes, in place, what says nothing: nulls, empty texts, empty lists and maps. The owners of fields stay. */
    public void tidy() {
        node.properties()
                .removeIf(field -> !field.getKey().equals("managedFields")
                        && (field.getValue().isNull()
                                || (field.getValue().isTextual()
                                        && field.getValue().asText().isEmpty())
                                || (field.getValue().isContainerNode()
                                        && field.getValue().isEmpty())));
    }

    /** Takes a field over from another object's metadata, absence included. */
    public void take(String field, Metadata from) {
        if (from.node.has(field)) {
            node.set(field, from.node.get(field));
        } else {
            node.remove(field);
        }
    }
}
