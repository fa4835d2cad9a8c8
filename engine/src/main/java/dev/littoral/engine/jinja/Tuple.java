package dev.littoral.engine.jinja;

import java.util.List;

/**
 * Python's tuple.
 *
 * @param names of the items, where they have any, as those of groupby
 */
record Tuple(List<Object> items, List<String> names) {

    Tuple(List<Object> items) {
        this(items, List.of());
    }

    static Tuple of(Object... items) {
        return new Tuple(List.of(items));
    }
}
