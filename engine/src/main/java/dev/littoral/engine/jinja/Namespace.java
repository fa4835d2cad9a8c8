package dev.littoral.engine.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code namespace(..)} makes: the only value that a template changes. */
final class Namespace {

    private final Map<String, Object> attributes = new LinkedHashMap<>();

    Map<String, Object> attributes() {
        return attributes;
    }

    void set(Budget budget, String name, Object value) {
        if (name.startsWith("_")) {
            throw Fault.wrong("a namespace has no attributes that begin with an underscore: " + name);
        }
        budget.readsCharacters(name.length());
        if (attributes.put(name, value) == null) {
            budget.entries(1);
        }
    }
}
