package dev.littoral.engine.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;

/** The items that pass a test, which is made of each when it is wanted, since what it sees may change between. */
final class Chosen implements Iterator<Object> {

    private final Iterator<Object> items;
    private final Predicate<Object> passes;
    private Optional<Object> next = Optional.empty();

    Chosen(Iterator<Object> items, Predicate<Object> passes) {
        this.items = items;
        this.passes = passes;
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty() && items.hasNext()) {
            next = Optional.of(items.next()).filter(passes);
        }
        return next.isPresent();
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Object item = next.get();
        next = Optional.empty();
        return item;
    }
}
