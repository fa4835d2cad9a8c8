package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;

/** What Python's {@code keys()}, {@code values()} and {@code items()} give: has a length and items, but no index. */
record DictView(Dict dict, Kind kind) {

    /** What of its dictionary a view shows. */
    enum Kind {
        KEYS("dict_keys"),
        VALUES("dict_values"),
        ITEMS("dict_items");

        private final String typeName;

        Kind(String typeName) {
            this.typeName = typeName;
        }
    }

    /** Python's name of its type. */
    String typeName() {
        return kind.typeName;
    }

    /** Copies what it shows. */
    List<Object> items(Budget budget) {
        budget.items(dict.size());
        List<Object> items = new ArrayList<>(dict.size());
        for (Dict.Entry entry : dict.entries()) {
            items.add(
                    switch (kind) {
                        case KEYS -> entry.key();
                        case VALUES -> entry.value();
                        case ITEMS -> pair(budget, entry);
                    });
        }
        return items;
    }

    static Tuple pair(Budget budget, Dict.Entry entry) {
        budget.items(2);
        return Tuple.of(entry.key(), entry.value());
    }

    /** Whether it shows a value, as {@code in} asks. */
    boolean has(Budget budget, Object value) {
        return switch (kind) {
            case KEYS -> dict.has(budget, value);
            case VALUES -> items(budget).stream().anyMatch(one -> Compare.equal(budget, one, value));
            case ITEMS ->
                value instanceof Tuple pair
                        && pair.items().size() == 2
                        && dict.find(budget, pair.items().getFirst())
                                .filter(found -> Compare.equal(
                                        budget, found, pair.items().getLast()))
                                .isPresent();
        };
    }

    /** Whether it equals another view: those of keys and of items are sets, those of values only equal themselves. */
    boolean equalTo(Budget budget, DictView other) {
        if (kind == Kind.VALUES || other.kind == Kind.VALUES) {
            return Compare.isSame(this, other);
        }
        return dict.size() == other.dict.size() && items(budget).stream().allMatch(one -> other.has(budget, one));
    }
}
