package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/** Holds a set of paths into an object, as a tree whose nodes may be members themselves. */
final class FieldSet {

    static final FieldSet EMPTY = new FieldSet(new TreeSet<>(), new TreeMap<>());

    private final SortedSet<PathElement> members;
    private final SortedMap<PathElement, FieldSet> children;

    private FieldSet(SortedSet<PathElement> members, SortedMap<PathElement, FieldSet> children) {
        this.members = members;
        this.children = children;
    }

    /** Collects paths, then makes the set; not to be used afterwards. */
    static final class Builder {

        private final TreeSet<PathElement> members = new TreeSet<>();
        private final TreeMap<PathElement, FieldSet> children = new TreeMap<>();

        void add(PathElement member) {
            members.add(member);
        }

        void add(PathElement parent, FieldSet below) {
            if (!below.isEmpty()) {
                children.merge(parent, below, FieldSet::union);
            }
        }

        FieldSet build() {
            return new FieldSet(members, children);
        }
    }

    boolean isEmpty() {
        return members.isEmpty() && children.isEmpty();
    }

    boolean has(PathElement member) {
        return members.contains(member);
    }

    /** Tells whether the element or anything below it is a member. */
    boolean reaches(PathElement element) {
        return members.contains(element) || children.containsKey(element);
    }

    FieldSet below(PathElement element) {
        return children.getOrDefault(element, EMPTY);
    }

    FieldSet union(FieldSet other) {
        Builder union = new Builder();
        for (FieldSet each : List.of(this, other)) {
            each.members.forEach(union::add);
            each.children.forEach(union::add);
        }
        return union.build();
    }

    FieldSet minus(FieldSet other) {
        return filter(other, (mine, theirs) -> mine && !theirs);
    }

    FieldSet intersect(FieldSet other) {
        return filter(other, (mine, theirs) -> mine && theirs);
    }

    private FieldSet filter(FieldSet other, BiPredicate<Boolean, Boolean> keep) {
        Builder kept = new Builder();
        for (PathElement member : members) {
            if (keep.test(true, other.has(member))) {
                kept.add(member);
            }
        }
        children.forEach((element, set) -> kept.add(element, set.filter(other.below(element), keep)));
        return kept.build();
    }

    /** Gives all elements that are members or lead to members. */
    SortedSet<PathElement> elements() {
        SortedSet<PathElement> all = new TreeSet<>(members);
        all.addAll(children.keySet());
        return all;
    }

    /** Gives all paths, as {@code .spec.parts[name="a"].weight}, those of a level before those below it. */
    List<String> shown() {
        List<String> paths = new ArrayList<>();
        collect("", paths);
        return paths;
    }

    private void collect(String prefix, List<String> paths) {
        members.forEach(member -> paths.add(prefix + member.shown()));
        children.forEach((element, set) -> set.collect(prefix + element.shown(), paths));
    }

    /** Writes the set as {@code fieldsV1}. */
    ObjectNode toJson() {
        ObjectNode json = Json.object();
        for (PathElement element : elements()) {
            FieldSet below = below(element);
            ObjectNode child = Json.object();
            if (!below.isEmpty()) {
                if (members.contains(element)) {
                    child.putObject(".");
                }
                child.setAll(below.toJson());
            }
            json.set(element.text(), child);
        }
        return json;
    }

    /** Reads {@code fieldsV1}; an element without anything below it is a member. */
    static FieldSet fromJson(JsonNode json) {
        Builder set = new Builder();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            if (entry.getKey().equals(".")) {
                continue;
            }
            PathElement element = new PathElement(entry.getKey());
            if (entry.getValue().isEmpty() || entry.getValue().has(".")) {
                set.add(element);
            }
            set.add(element, fromJson(entry.getValue()));
        }
        return set.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set && members.equals(set.members) && children.equals(set.children);
    }

    @Override
    public int hashCode() {
        return 31 * members.hashCode() + children.hashCode();
    }

    @Override
    public String toString() {
        return toJson().toString();
    }
}
