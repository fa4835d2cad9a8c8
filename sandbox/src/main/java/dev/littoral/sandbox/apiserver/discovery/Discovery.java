package dev.littoral.sandbox.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.resource.Registry;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells clients which groups, versions and kinds are served, in the aggregated and in the older form. */
public final class Discovery {

    private static final List<String> PART_VERBS = List.of("get", "patch", "update");

    private final Registry registry;

    /** Takes the kinds to tell of. */
    public Discovery(Registry registry) {
        this.registry = registry;
    }

    /** Gives the versions of the core group. */
    public ObjectNode coreVersions() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    /** Gives all groups but the core. */
    public ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        groupNames().forEach(name -> groups.add(groupEntry(name)));
        return list;
    }

    /** Gives one group. */
    public ObjectNode group(String name) {
        if (name.isEmpty() || !registry.hasGroup(name)) {
            throw Refusal.unknownPath();
        }
        ObjectNode group = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
        group.setAll(groupEntry(name));
        return group;
    }

    /** Gives the kinds of one group and version. */
    public ObjectNode resources(String groupVersion) {
        List<ResourceType> types = registry.byGroupVersion().getOrDefault(groupVersion, List.of());
        if (types.isEmpty()) {
            throw Refusal.unknownPath();
        }
        ObjectNode list = Json.object().put("kind", "APIResourceList");
        list.put("apiVersion", "v1").put("groupVersion", groupVersion);
        ArrayNode resources = list.putArray("resources");
        for (ResourceType type : types) {
            ObjectNode entry = resources.addObject();
            entry.put("name", type.names().plural())
                    .put("singularName", type.names().singular());
            entry.put("namespaced", type.namespaced()).put("kind", type.names().kind());
            verbs(entry, type.verbs());
            texts(entry, "shortNames", type.names().shortNames());
            texts(entry, "categories", type.names().categories());
            for (Map.Entry<String, ObjectNode> part : parts(type).entrySet()) {
                ObjectNode partEntry = resources.addObject();
                partEntry
                        .put("name", type.names().plural() + "/" + part.getKey())
                        .put("singularName", "");
                partEntry.put("namespaced", type.namespaced());
                if (part.getKey().equals("scale")) {
                    partEntry.put("group", "autoscaling").put("version", "v1");
                }
                partEntry.put("kind", part.getValue().path("kind").asText());
                verbs(partEntry, part.getKey().equals("log") ? List.of("get") : PART_VERBS);
            }
        }
        return list;
    }

    /** Gives everything at once, for the core or for all other groups. */
    public ObjectNode aggregated(boolean core, String apiVersion) {
        ObjectNode list = Json.object().put("kind", "APIGroupDiscoveryList");
        list.put("apiVersion", "apidiscovery.k8s.io/" + apiVersion).putObject("metadata");
        ArrayNode items = list.putArray("items");
        for (String name : core ? List.of("") : groupNames()) {
            ObjectNode group = items.addObject();
            ObjectNode metadata = group.putObject("metadata");
            if (!name.isEmpty()) {
                metadata.put("name", name);
            }
            ArrayNode versions = group.putArray("versions");
            registry.byGroupVersion().values().stream()
                    .filter(types -> types.getFirst().group().equals(name))
                    .forEach(types -> versions.add(aggregatedVersion(types)));
        }
        return list;
    }

    private ObjectNode aggregatedVersion(List<ResourceType> types) {
        ObjectNode version = Json.object().put("version", types.getFirst().version());
        ArrayNode resources = version.putArray("resources");
        for (ResourceType type : types) {
            ObjectNode entry =
                    resources.addObject().put("resource", type.names().plural());
            entry.set(
                    "responseKind",
                    kind(type.group(), type.version(), type.names().kind()));
            entry.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
            entry.put("singularResource", type.names().singular());
            verbs(entry, type.verbs());
            texts(entry, "shortNames", type.names().shortNames());
            texts(entry, "categories", type.names().categories());
            Map<String, ObjectNode> parts = parts(type);
            if (!parts.isEmpty()) {
                ArrayNode subresources = entry.putArray("subresources");
                parts.forEach((name, kind) -> {
                    ObjectNode part = subresources.addObject().put("subresource", name);
                    part.set("responseKind", kind);
                    verbs(part, name.equals("log") ? List.of("get") : PART_VERBS);
                });
            }
        }
        return version.put("freshness", "Current");
    }

    private static Map<String, ObjectNode> parts(ResourceType type) {
        Map<String, ObjectNode> parts = new LinkedHashMap<>();
        ObjectNode own = kind(type.group(), type.version(), type.names().kind());
        if (type.storageKind().equals("/pods")) {
            parts.put("log", own);
        }
        if (type.status()) {
            parts.put("status", own);
        }
        if (type.scale().isPresent()) {
            parts.put("scale", kind("autoscaling", "v1", "Scale"));
        }
        return parts;
    }

    private static ObjectNode kind(String group, String version, String kind) {
        return Json.object().put("group", group).put("version", version).put("kind", kind);
    }

    private List<String> groupNames() {
        List<String> names = new ArrayList<>();
        for (ResourceType type : registry.all()) {
            if (!type.group().isEmpty() && !names.contains(type.group())) {
                names.add(type.group());
            }
        }
        return names;
    }

    private ObjectNode groupEntry(String name) {
        ObjectNode group = Json.object().put("name", name);
        ArrayNode versions = group.putArray("versions");
        registry.byGroupVersion().forEach((groupVersion, types) -> {
            if (types.getFirst().group().equals(name)) {
                versions.addObject()
                        .put("groupVersion", groupVersion)
                        .put("version", types.getFirst().version());
            }
        });
        group.set("preferredVersion", versions.get(0));
        return group;
    }

    private static void verbs(ObjectNode entry, List<String> verbs) {
        ArrayNode list = entry.putArray("verbs");
        verbs.forEach(list::add);
    }

    private static void texts(ObjectNode entry, String field, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode list = entry.putArray(field);
            texts.forEach(list::add);
        }
    }
}
