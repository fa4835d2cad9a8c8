package dev.littoral.engine.jinja;

import java.util.Comparator;
import java.util.List;

/** Python's stable sort. */
final class Sorting {

    private Sorting() {}

    /** Sorts in place; equal values keep their order in both directions. */
    static <T> void sort(List<T> values, Comparator<T> order, boolean backwards) {
        Comparator<T> clean = (one, other) -> {
            int compared = order.compare(one, other);
            return compared == Integer.MIN_VALUE ? 0 : compared;
        };
        try {
            values.sort(backwards ? (one, other) -> clean.compare(other, one) : clean);
        } catch (IllegalArgumentException e) {
            throw Fault.wrong("the values have no order");
        }
    }
}
