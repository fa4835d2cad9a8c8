package dev.littoral.engine.jinja;

import java.util.ArrayList;
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
        return Math.max(0, Math.ceil(((double) stop - start) / step));
    }

    int length() {
        return (int) length(start, stop, step);
    }

    long at(int index) {
        return start + index * step;
    }

    List<Object> items() {
        List<Object> items = new ArrayList<>(length());
        for (int i = 0; i < length(); i++) {
            items.add(at(i));
        }
        return items;
    }
}
