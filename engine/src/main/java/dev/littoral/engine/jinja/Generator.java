package dev.littoral.engine.jinja;

import java.util.Iterator;
import java.util.List;

/** What Python makes lazily: has no length and no index, and is empty once it was read. Here its items are made at once. */
final class Generator implements Iterator<Object> {

    private final List<Object> items;
    private int at;

    Generator(List<Object> items) {
        this.items = items;
    }

    @Override
    public boolean hasNext() {
        return at < items.size();
    }

    @Override
    public Object next() {
        return items.get(at++);
    }

    /** Gives the items that nobody read yet. */
    List<Object> drain(Budget budget) {
        budget.items(0);
        List<Object> rest = items.subList(at, items.size());
        at = items.size();
        return rest;
    }
}
