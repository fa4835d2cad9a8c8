package dev.littoral.sandbox.apiserver.resource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** Knows which kinds are served at the moment. */
public final class Registry {

    private final List<ResourceType> builtIn;
    private final Map<String, List<ResourceType>> custom = new ConcurrentSkipListMap<>();

    /** Takes the kinds that are always served. */
    public Registry(List<ResourceType> builtIn) {
        this.builtIn = List.copyOf(builtIn);
    }

    /** Serves the kinds of a definition, instead of those that it had before. */
    public void define(String definition, List<ResourceType> types) {
        custom.put(definition, List.copyOf(types));
    }

    /** Serves the kinds of a definition no longer, and says which they were. */
    public List<ResourceType> undefine(String definition) {
        List<ResourceType> removed = custom.remove(definition);
        return removed == null ? List.of() : removed;
    }

    /** Gives the names of the definitions whose kinds are served. */
    public Set<String> definitions() {
        return Set.copyOf(custom.keySet());
    }

    /** Gives all kinds, built-in ones first. */
    public List<ResourceType> all() {
        List<ResourceType> all = new ArrayList<>(builtIn);
        custom.values().forEach(all::addAll);
        return all;
    }

    /** Gives the kinds by group and version, in a steady order. */
    public Map<String, List<ResourceType>> byGroupVersion() {
        return all().stream()
                .collect(Collectors.groupingBy(
                        ResourceType::groupVersion, java.util.LinkedHashMap::new, Collectors.toList()));
    }

    /** Finds a kind by its place in a path. */
    public Optional<ResourceType> find(String group, String version, String plural) {
        return all().stream()
                .filter(type -> type.group().equals(group)
                        && type.version().equals(version)
                        && type.names().plural().equals(plural))
                .findFirst();
    }

    /** Finds a kind, in any version, by its name in the store. */
    public Optional<ResourceType> stored(String storageKind) {
        return all().stream()
                .filter(type -> type.storageKind().equals(storageKind))
                .findFirst();
    }

    /** Finds a kind by what an owner reference says of it, whatever the version. */
    public Optional<ResourceType> kind(String group, String kind) {
        return all().stream()
                .filter(type ->
                        type.group().equals(group) && type.names().kind().equals(kind))
                .findFirst();
    }

    /** Tells whether a group is served in any version. */
    public boolean hasGroup(String group) {
        Collection<ResourceType> all = all();
        return all.stream().anyMatch(type -> type.group().equals(group));
    }
}
