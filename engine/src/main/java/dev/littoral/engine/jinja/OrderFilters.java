package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Filters that sort. */
final class OrderFilters {

    static final Map<String, Filters.Filter> ALL = Map.of(
            "dictsort", OrderFilters::dictSort,
            "groupby", OrderFilters::groupBy,
            "max", (value, given) -> extreme(value, given, ">"),
            "min", (value, given) -> extreme(value, given, "<"),
            "sort", OrderFilters::sort);

    /** An item and what it is sorted by. */
    private record Keyed(Object key, Object item) {}

    private OrderFilters() {}

    static Object key(Budget budget, Object value, boolean caseSensitive) {
        return !caseSensitive && Markup.plain(value) instanceof String text ? Casing.of("lower", text, budget) : value;
    }

    private static List<Object> sorted(Budget budget, List<Keyed> keyed, boolean backwards) {
        budget.items(keyed.size());
        Sorting.sort(keyed, (one, other) -> Compare.compare(budget, "<", one.key(), other.key()), backwards);
        List<Object> items = new ArrayList<>();
        keyed.forEach(one -> items.add(one.item()));
        return items;
    }

    private static Object dictSort(Object value, Arguments given) {
        Arguments arguments = given.taking("case_sensitive", "by", "reverse");
        String by = arguments.text("by", arguments.or("by", "key"));
        if (!by.equals("key") && !by.equals("value")) {
            throw Fault.wrong("You can only sort by either \"key\" or \"value\"");
        }
        if (!(value instanceof Dict dict)) {
            throw value instanceof Undefined undefined
                    ? undefined.fault()
                    : Fault.wrong("'" + TypeName.of(value) + "' object has no attribute 'items'");
        }
        List<Keyed> keyed = new ArrayList<>();
        for (Dict.Entry entry : dict.entries()) {
            Object sorts = by.equals("key") ? entry.key() : entry.value();
            given.budget()
                    .add(
                            keyed,
                            new Keyed(
                                    key(given.budget(), sorts, arguments.truth("case_sensitive")),
                                    DictView.pair(given.budget(), entry)));
        }
        return sorted(given.budget(), keyed, arguments.truth("reverse"));
    }

    private static Object sort(Object value, Arguments given) {
        Arguments arguments = given.taking("reverse", "case_sensitive", "attribute");
        boolean sensitive = arguments.truth("case_sensitive");
        List<Path> paths = paths(given.budget(), arguments.or("attribute", None.NONE));
        List<Keyed> keyed = new ArrayList<>();
        for (Object item : Sequences.items(given.budget(), value)) {
            given.budget().items(paths.size());
            List<Object> keys = new ArrayList<>(paths.size());
            paths.forEach(path -> keys.add(key(given.budget(), path.in(item), sensitive)));
            given.budget().add(keyed, new Keyed(keys, item));
        }
        return sorted(given.budget(), keyed, arguments.truth("reverse"));
    }

    private static List<Path> paths(Budget budget, Object attribute) {
        if (!(Markup.plain(attribute) instanceof String names)) {
            return List.of(Path.of(budget, attribute));
        }
        budget.texts(1 + names.chars().filter(c -> c == ',').count(), names.length());
        List<Path> paths = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            paths.add(Path.of(budget, name));
        }
        return paths;
    }

    private static Object extreme(Object value, Arguments given, String operator) {
        Arguments arguments = given.taking("case_sensitive", "attribute");
        boolean sensitive = arguments.truth("case_sensitive");
        Path path = Path.of(given.budget(), arguments.or("attribute", None.NONE));
        List<Object> items = Sequences.items(given.budget(), value);
        if (items.isEmpty()) {
            return new Undefined("No aggregated item, sequence was empty.");
        }
        Object best = items.getFirst();
        Object bestKey = key(given.budget(), path.in(best), sensitive);
        for (Object item : items.subList(1, items.size())) {
            Object itemKey = key(given.budget(), path.in(item), sensitive);
            if (Compare.holds(given.budget(), operator, itemKey, bestKey)) {
                best = item;
                bestKey = itemKey;
            }
        }
        return best;
    }

    private static Object groupBy(Object value, Arguments given) {
        Arguments arguments = given.taking("attribute", "default", "case_sensitive");
        boolean sensitive = arguments.truth("case_sensitive");
        Optional<Object> instead = arguments.unlessNone("default");
        Path path = Path.of(given.budget(), arguments.need("attribute"), instead);
        List<Keyed> keyed = new ArrayList<>();
        for (Object item : Sequences.items(given.budget(), value)) {
            given.budget().add(keyed, new Keyed(key(given.budget(), path.in(item), sensitive), item));
        }
        sorted(given.budget(), keyed, false);
        List<Object> groups = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= keyed.size(); i++) {
            if (i == keyed.size()
                    || !Compare.equal(
                            given.budget(), keyed.get(from).key(), keyed.get(i).key())) {
                given.budget().items(i - from + 2L);
                List<Object> members = new ArrayList<>();
                keyed.subList(from, i).forEach(one -> members.add(one.item()));
                Object grouper = sensitive ? keyed.get(from).key() : path.in(members.getFirst());
                groups.add(new Tuple(List.of(grouper, members), List.of("grouper", "list")));
                from = i;
            }
        }
        return groups;
    }
}
