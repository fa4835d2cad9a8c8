package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An attribute of an attribute, as filters take it: {@code "a.b.0"}. */
final class Path {

    private final Budget budget;
    private final List<Object> parts;
    private final Optional<Object> instead;

    private Path(Budget budget, List<Object> parts, Optional<Object> instead) {
        this.budget = budget;
        this.parts = parts;
        this.instead = instead;
    }

    static Path of(Budget budget, Object path) {
        return of(budget, path, Optional.empty());
    }

    /** With a value in place of what is undefined. */
    static Path of(Budget budget, Object path, Optional<Object> instead) {
        List<Object> parts = new ArrayList<>();
        if (Markup.plain(path) instanceof String text) {
            budget.texts(1 + text.chars().filter(c -> c == '.').count(), text.length());
            for (String part : text.split("\\.", -1)) {
                parts.add(Numbers.key(part));
            }
        } else if (path != None.NONE) {
            parts.add(path);
        }
        return new Path(budget, parts, instead);
    }

    Object in(Object value) {
        budget.step();
        Object found = value;
        for (Object part : parts) {
            found = Attributes.item(budget, found, part);
            if (found instanceof Undefined) {
                found = instead.orElse(found);
            }
        }
        return found;
    }
}
