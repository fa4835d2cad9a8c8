package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.schema.Schema;
import dev.littoral.sandbox.apiserver.store.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Describes one kind in one version.
 *
 * @param group API group, empty for the core
 * @param version such as {@code v1alpha1}
 * @param names what the kind is called
 * @param namespaced whether objects live in namespaces
 * @param custom whether a definition added the kind
 * @param status whether the status is written through a subresource of its own
 * @param scale where the scale subresource finds its numbers; empty where there is none
 * @param counted whether changes of the wanted state are numbered by {@code metadata.generation}
 * @param selectable fields, besides name and namespace, that a field selector may name
 * @param schema of the whole object
 * @param schemaText the schema as clients see it
 * @param columns how the kind is shown as a table
 */
public record ResourceType(
        String group,
        String version,
        Names names,
        boolean namespaced,
        boolean custom,
        boolean status,
        Optional<ScalePaths> scale,
        boolean counted,
        Set<String> selectable,
        Schema schema,
        JsonNode schemaText,
        List<Column> columns) {

    /**
     * Says what a kind is called.
     *
     * @param plural as in paths
     * @param singular as on a command line
     * @param kind as in objects
     * @param listKind as in lists
     * @param shortNames abbreviations for command lines
     * @param categories groups of kinds for command lines
     */
    public record Names(
            String plural,
            String singular,
            String kind,
            String listKind,
            List<String> shortNames,
            List<String> categories) {}

    /**
     * Says where an object keeps the numbers of its scale, as JSON pointers.
     *
     * @param wanted the wanted number of replicas
     * @param actual the present number of replicas
     * @param selector the label selector as text; empty where there is none
     */
    public record ScalePaths(String wanted, String actual, Optional<String> selector) {

        /** How a scale is shown as a table. */
        public static final List<Column> COLUMNS = CustomColumns.ofScale();
    }

    /** Gives what may be done to objects, in the order in which clients show it. */
    public List<String> verbs() {
        if (storageKind().equals("/namespaces")) {
            return List.of("create", "delete", "get", "list", "patch", "update", "watch");
        }
        return custom
                ? List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch")
                : List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    }

    /** Gives {@code group/version}, the core's without a group. */
    public String groupVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Gives the kind's name in the store, the same for all versions. */
    public String storageKind() {
        return group + "/" + names.plural();
    }

    /** Names an object of this kind. */
    public ObjectKey key(String namespace, String name) {
        return new ObjectKey(storageKind(), namespaced ? namespace : "", name);
    }

    /** Tells whether a field selector may name a field. */
    public boolean selectable(String field) {
        return field.equals("metadata.name")
                || (field.equals("metadata.namespace") && namespaced)
                || selectable.contains(field);
    }

    /** Says that there is no object of that name. */
    public Refusal notFound(String name) {
        return Refusal.notFound(group, names.plural(), name);
    }
}
