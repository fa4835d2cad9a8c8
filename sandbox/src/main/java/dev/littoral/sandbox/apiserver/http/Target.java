package dev.littoral.sandbox.apiserver.http;

import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.resource.Registry;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import java.util.List;

/**
 * Says what a path leads to.
 *
 * @param type the kind
 * @param namespace the namespace, empty for all or for a kind without
 * @param name the object's name, empty for the collection
 * @param subresource a part of the object, empty for the object itself
 */
record Target(ResourceType type, String namespace, String name, String subresource) {

    /**
     * Reads a path below {@code /api/v1} or {@code /apis/group/version}.
     *
     * @param path all of the path's parts
     * @throws Refusal when it leads nowhere
     */
    static Target find(Registry registry, List<String> path) {
        boolean core = path.getFirst().equals("api");
        String group = core ? "" : path.get(1);
        String version = core ? path.get(1) : path.get(2);
        List<String> rest = path.subList(core ? 2 : 3, path.size());
        boolean below = rest.size() > 2
                && rest.getFirst().equals("namespaces")
                && registry.find(group, version, rest.get(2))
                        .filter(ResourceType::namespaced)
                        .isPresent();
        String namespace = below ? rest.get(1) : "";
        List<String> own = below ? rest.subList(2, rest.size()) : rest;
        ResourceType type = registry.find(group, version, own.getFirst()).orElseThrow(Refusal::unknownPath);
        if (own.size() > 3 || (type.namespaced() && !below && own.size() > 1)) {
            throw Refusal.unknownPath();
        }
        return new Target(type, namespace, own.size() > 1 ? own.get(1) : "", own.size() > 2 ? own.get(2) : "");
    }

    boolean collection() {
        return name.isEmpty();
    }
}
