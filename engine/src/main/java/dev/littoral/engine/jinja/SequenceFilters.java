package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Filters that take lists apart or put them together. */
final class SequenceFilters {

    static final Map<String, Filters.Filter> ALL = Map.of(
            "attr", SequenceFilters::attr,
            "batch", SequenceFilters::batch,
            "first", SequenceFilters::first,
            "items", SequenceFilters::items,
            "last", SequenceFilters::last,
            "list", (value, given) -> Sequences.copy(given.taking().budget(), value),
            "reverse", SequenceFilters::reverse,
            "slice", SequenceFilters::slice,
            "unique", SequenceFilters::unique);

    private SequenceFilters() {}

    /** An attribute, never an item. */
    private static Object attr(Object value, Arguments given) {
        String name = given.taking("name").text("name");
        return value instanceof Dict && !(Attributes.attribute(given.budget(), new Dict(), name) instanceof Function)
                ? Undefined.attribute(value, name)
                : Attributes.attribute(given.budget(), value, name);
    }

    private static Object first(Object value, Arguments given) {
        List<Object> items = Sequences.items(given.taking().budget(), value);
        return items.isEmpty() ? new Undefined("No first item, sequence was empty.") : items.getFirst();
    }

    private static Object last(Object value, Arguments given) {
        if (value instanceof Generator) {
            throw Fault.wrong("'generator' object is not reversible");
        }
        List<Object> items = Sequences.items(given.taking().budget(), value);
        return items.isEmpty() ? new Undefined("No last item, sequence was empty.") : items.getLast();
    }

    private static Object items(Object value, Arguments given) {
        given.taking();
        return switch (value) {
            case Undefined _ -> new Generator(List.of());
            case Dict dict -> {
                yield new Generator(new DictView(dict, DictView.Kind.ITEMS).items(given.budget()));
            }
            default -> throw Fault.wrong("Can only get item pairs from a mapping.");
        };
    }

    private static Object reverse(Object value, Arguments given) {
        given.taking();
        if (Markup.plain(value) instanceof String text) {
            given.budget().text(text.length());
            String reversed = CodePoints.reversed(text);
            return value instanceof Markup ? new Markup(reversed) : reversed;
        }
        boolean lists = value instanceof Generator;
        List<Object> items = Sequences.copy(given.budget(), value);
        Collections.reverse(items);
        return lists ? items : new Generator(items);
    }

    private static Object batch(Object value, Arguments given) {
        Arguments arguments = given.taking("linecount", "fill_with");
        arguments.need("linecount");
        long size = arguments.whole("linecount", 0);
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Object item : Sequences.items(given.budget(), value)) {
            if (batch.size() == size) {
                given.budget().add(batches, batch);
                given.budget().items(0);
                batch = new ArrayList<>();
            }
            given.budget().add(batch, item);
        }
        if (!batch.isEmpty()) {
            Optional<Object> fill = arguments.unlessNone("fill_with");
            if (fill.isPresent() && batch.size() < size) {
                given.budget().items(size);
                batch.addAll(Collections.nCopies((int) size - batch.size(), fill.get()));
            }
            batches.add(batch);
        }
        return new Generator(batches);
    }

    private static Object slice(Object value, Arguments given) {
        Arguments arguments = given.taking("slices", "fill_with");
        arguments.need("slices");
        long slices = arguments.whole("slices", 0);
        List<Object> items = Sequences.items(given.budget(), value);
        if (slices == 0) {
            throw Fault.wrong("integer division or modulo by zero");
        }
        given.budget().items(Math.max(0, slices));
        long each = Math.floorDiv(items.size(), slices);
        long longer = Math.floorMod(items.size(), slices);
        List<Object> made = new ArrayList<>();
        int from = 0;
        for (long i = 0; i < slices; i++) {
            int to = from + (int) each + (i < longer ? 1 : 0);
            given.budget().items(to - from + 1L);
            List<Object> slice = new ArrayList<>(items.subList(from, to));
            if (i >= longer) {
                arguments.unlessNone("fill_with").ifPresent(slice::add);
            }
            made.add(slice);
            from = to;
        }
        return new Generator(made);
    }

    private static Object unique(Object value, Arguments given) {
        Arguments arguments = given.taking("case_sensitive", "attribute");
        Path path = Path.of(given.budget(), arguments.or("attribute", None.NONE));
        boolean sensitive = arguments.truth("case_sensitive");
        Set<Key> seen = new HashSet<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : Sequences.items(given.budget(), value)) {
            if (seen.add(Key.of(given.budget(), OrderFilters.key(given.budget(), path.in(item), sensitive)))) {
                given.budget().entries(1);
                given.budget().add(unique, item);
            }
        }
        return new Generator(unique);
    }
}
