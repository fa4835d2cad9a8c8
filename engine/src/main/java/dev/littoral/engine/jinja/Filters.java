package dev.littoral.engine.jinja;

import java.util.HashMap;
import java.util.Map;

/** All filters by their names. */
final class Filters {

    /** What a filter does to a value. */
    interface Filter {
        Object apply(Object value, Arguments arguments);
    }

    private static final Map<String, Filter> ALL = all();

    private Filters() {}

    private static Map<String, Filter> all() {
        Map<String, Filter> all = new HashMap<>();
        all.putAll(TextFilters.ALL);
        all.putAll(NumberFilters.ALL);
        all.putAll(SequenceFilters.ALL);
        all.putAll(OrderFilters.ALL);
        all.putAll(ChoiceFilters.ALL);
        return Map.copyOf(all);
    }

    static boolean isKnown(String name) {
        return ALL.containsKey(name);
    }

    /** @throws Fault when there is no such filter, or it does not take the value */
    static Object apply(String name, Object value, Arguments arguments) {
        Filter filter = ALL.get(name);
        if (filter == null) {
            throw Fault.wrong("there is no filter '" + name + "'");
        }
        arguments.budget().enter();
        Object made = filter.apply(value, arguments);
        arguments.budget().leave();
        return made;
    }
}
