package dev.littoral.engine.jinja;

import java.util.AbstractList;
import java.util.List;

/** Python's range, whose length is bounded. */
record Range(long start, long stop, long step) {

    Range {
        if (step == 0) {
            throw Fault.wrong("range() arg 3 must not be zero");
        }
        if (length(start, stop, step) > Budget.MOST_ITEMS) {
            throw Fault.bound("makes a range longer than " + Budget.MOST_ITEMS);
        }
    }

    private static double length(long start, long stop, long step) {
        long far = stop - start;
        boolean overflows = ((stop ^ start) & (stop ^ far)) < 0 || far == Long.MIN_VALUE;
        return Math.max(0, overflows ? Math.ceil(((double) stop - start) / step) : Math.ceilDiv(far, step));
    }

    int length() {
        return (int) length(start, stop, step);
    }

    long at(int index) {
        return start + index * step;
    }

    /** Its numbers, each made when it is asked for. */
    List<Object> items() {
        int length = length();
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return at(index);
            }

            @Override
            public int size() {
                return length;
            }
        };
    }

    /** What ranges of the same numbers have in common: their length, first number and step, as far as these matter. */
    List<Object> identity() {
        int length = length();
        return length == 0 ? List.of(0L) : length == 1 ? List.of(1L, start) : List.of((long) length, start, step);
    }
}
