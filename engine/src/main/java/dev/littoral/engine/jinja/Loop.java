package dev.littoral.engine.jinja;

import java.util.List;
import java.util.Optional;

/** The variable {@code loop}. */
final class Loop {

    private final List<Object> items;
    private int index0 = -1;
    private Optional<List<Object>> seen = Optional.empty();

    Loop(List<Object> items) {
        this.items = items;
    }

    Object next() {
        return items.get(++index0);
    }

    boolean hasNext() {
        return index0 + 1 < items.size();
    }

    long index0() {
        return index0;
    }

    int length() {
        return items.size();
    }

    Object attribute(String name) {
        return switch (name) {
            case "index" -> index0 + 1L;
            case "index0" -> (long) index0;
            case "revindex" -> (long) items.size() - index0;
            case "revindex0" -> items.size() - index0 - 1L;
            case "first" -> index0 == 0;
            case "last" -> !hasNext();
            case "length" -> (long) items.size();
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "previtem" -> index0 == 0 ? new Undefined("there is no previous item") : items.get(index0 - 1);
            case "nextitem" -> hasNext() ? items.get(index0 + 1) : new Undefined("there is no next item");
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
        boolean changed = seen.filter(before -> Compare.equal(arguments.budget(), new Tuple(before), new Tuple(now)))
                .isEmpty();
        seen = Optional.of(now);
        return changed;
    }
}
