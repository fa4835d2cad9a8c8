package dev.littoral.engine.jinja;

import java.util.List;
import java.util.Set;

/** Methods of dictionaries, lists and tuples; those that change them are refused, as by jinja2's immutable sandbox. */
final class CollectionMethods {

    private static final Set<String> CHANGING = Set.of(
            "append",
            "clear",
            "extend",
            "insert",
            "pop",
            "popitem",
            "remove",
            "reverse",
            "setdefault",
            "sort",
            "update");

    private CollectionMethods() {}

    static boolean changes(String name) {
        return Set.of("clear", "pop", "popitem", "setdefault", "update").contains(name);
    }

    static Object of(Dict dict, String name) {
        return switch (name) {
            case "get" ->
                new Function(name, given -> {
                    Arguments arguments = given.taking("/key", "/default");
                    return dict.find(given.budget(), arguments.need("/key"))
                            .orElseGet(() -> arguments.or("/default", None.NONE));
                });
            case "keys" -> view(name, dict, DictView.Kind.KEYS);
            case "values" -> view(name, dict, DictView.Kind.VALUES);
            case "items" -> view(name, dict, DictView.Kind.ITEMS);
            case "copy" ->
                new Function(name, given -> {
                    Budget budget = given.taking().budget();
                    budget.entries(dict.size());
                    Dict copy = new Dict();
                    dict.entries().forEach(entry -> copy.put(budget, entry.key(), entry.value()));
                    return copy;
                });
            default -> changes(name) ? unsafe(dict, name) : Undefined.attribute(dict, name);
        };
    }

    private static Function view(String name, Dict dict, DictView.Kind kind) {
        return new Function(name, given -> {
            given.taking();
            return new DictView(dict, kind);
        });
    }

    static Object of(DictView view, String name) {
        if (name.equals("isdisjoint") || name.equals("mapping")) {
            throw Fault.wrong("'" + name + "' of a view of a dictionary is not known here");
        }
        return Undefined.attribute(view, name);
    }

    private static Undefined unsafe(Object of, String name) {
        return new Undefined(
                "access to attribute '" + name + "' of '" + TypeName.of(of) + "' object is unsafe: it would change it");
    }

    static Object of(Object of, List<?> list, String name) {
        return switch (name) {
            case "index" -> new Function(name, given -> index(given, of, list));
            case "count" -> new Function(name, given -> count(given, list));
            case "copy" ->
                of instanceof List<?>
                        ? new Function(
                                name, given -> Sequences.copy(given.taking().budget(), of))
                        : Undefined.attribute(of, name);
            default ->
                of instanceof List<?> && CHANGING.contains(name) ? unsafe(of, name) : Undefined.attribute(of, name);
        };
    }

    private static Object index(Arguments given, Object of, List<?> list) {
        Arguments arguments = given.taking("/value", "/start", "/stop");
        Object value = arguments.need("/value");
        long size = list.size();
        long start = arguments.whole("/start", 0);
        long stop = arguments.whole("/stop", size);
        long first = Math.clamp(start < 0 ? start + size : start, 0, size);
        long last = Math.clamp(stop < 0 ? stop + size : stop, 0, size);
        for (long i = first; i < last; i++) {
            if (Compare.equal(given.budget(), list.get((int) i), value)) {
                return i;
            }
        }
        throw Fault.wrong("the value is not in the " + TypeName.of(of));
    }

    private static Object count(Arguments given, List<?> list) {
        Object value = given.taking("/value").need("/value");
        return list.stream()
                .filter(one -> Compare.equal(given.budget(), one, value))
                .count();
    }
}
