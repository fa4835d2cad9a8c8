package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The variable {@code loop}. Asks for an item when it is wanted: {@code last} and {@code nextitem} look one ahead,
 * {@code length} and what is counted from the end read all the rest.
 */
final class Loop {

    private final Budget budget;
    private Iterator<Object> rest;
    private OptionalInt length;
    private int index0 = -1;
    private Object before = new Undefined("there is no previous item");
    private Object current = before;
    private Optional<Object> after = Optional.empty();
    private Optional<List<Object>> seen = Optional.empty();

    /** Makes one over items whose number is known, or empty where a test chooses among them. */
    Loop(Budget budget, Iterator<Object> items, OptionalInt length) {
        this.budget = budget;
        this.rest = items;
        this.length = length;
    }

    /** Whether there is a next item, which is asked for now. */
    boolean hasNext() {
        if (after.isEmpty() && rest.hasNext()) {
            after = Optional.of(rest.next());
        }
        return after.isPresent();
    }

    /** Goes on to the item that {@link #hasNext} asked for. */
    Object next() {
        before = index0 < 0 ? before : current;
        current = after.orElseThrow();
        after = Optional.empty();
        index0++;
        return current;
    }

    long index0() {
        return index0;
    }

    int length() {
        if (length.isEmpty()) {
            budget.items(0);
            List<Object> all = new ArrayList<>();
            while (rest.hasNext()) {
                budget.add(all, rest.next());
            }
            rest = all.iterator();
            length = OptionalInt.of(index0 + 1 + (after.isPresent() ? 1 : 0) + all.size());
        }
        return length.getAsInt();
    }

    Object attribute(String name) {
        return switch (name) {
            case "index" -> index0 + 1L;
            case "index0" -> (long) index0;
            case "revindex" -> (long) length() - index0;
            case "revindex0" -> length() - index0 - 1L;
            case "first" -> index0 == 0;
            case "last" -> !hasNext();
            case "length" -> (long) length();
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "previtem" -> before;
            case "nextitem" -> hasNext() ? after.orElseThrow() : new Undefined("there is no next item");
            case "cycle" -> new Function("cycle", this::cycle);
            case "changed" -> new Function("changed", this::changed);
            default -> Undefined.attribute(this, name);
        };
    }

    private Object cycle(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw Fault.wrong("no items for cycling given");
        }
        return arguments.positional().get(index0 % arguments.positional().size());
    }

    private Object changed(Arguments arguments) {
        List<Object> now = arguments.positional();
        boolean changed = seen.filter(last -> Compare.equal(arguments.budget(), new Tuple(last), new Tuple(now)))
                .isEmpty();
        seen = Optional.of(now);
        return changed;
    }
}
