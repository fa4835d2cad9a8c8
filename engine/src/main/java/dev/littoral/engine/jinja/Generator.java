package dev.littoral.engine.jinja;

import java.util.List;

/** What Python makes lazily: has no length and no index, and is empty once it was read. */
final class Generator {

    private List<Object> items;

    Generator(List<Object> items) {
        this.items = items;
    }

    List<Object> drain() {
        List<Object> rest = items;
        items = List.of();
        return rest;
    }
}
