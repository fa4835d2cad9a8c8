package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;

/** Items and lengths of whatever has them. */
final class Sequences {

    private Sequences() {}

    /**
     * Gives what a loop over the value sees; a generator is empty afterwards.
     *
     * @throws Fault when there is no loop over it
     */
    @SuppressWarnings("unchecked") // lists of values hold values
    static List<Object> items(Budget budget, Object value) {
        return switch (value) {
            case Undefined _ -> List.of();
            case List<?> list -> (List<Object>) list;
            case Tuple tuple -> tuple.items();
            case Dict dict -> dict.keys(budget);
            case DictView view -> view.items(budget);
            case Range range -> range.items();
            case Generator generator -> generator.drain(budget);
            case String text -> characters(budget, text);
            case Markup markup -> characters(budget, markup.text());
            default -> throw Fault.wrong("'" + TypeName.of(value) + "' object is not iterable");
        };
    }

    private static List<Object> characters(Budget budget, String text) {
        budget.texts(text.length(), text.length());
        List<Object> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    static List<Object> copy(Budget budget, Object value) {
        List<Object> items = items(budget, value);
        budget.items(items.size());
        return new ArrayList<>(items);
    }

    static boolean isIterable(Object value) {
        return value instanceof Generator || value instanceof Loop || value instanceof DictView || hasLength(value);
    }

    static boolean hasLength(Object value) {
        return switch (value) {
            case Undefined _, String _, Markup _, List<?> _, Tuple _, Dict _, Range _ -> true;
            default -> false;
        };
    }

    static long length(Budget budget, Object value) {
        budget.reads(value);
        return switch (value) {
            case Undefined _ -> 0;
            case String text -> CodePoints.length(text);
            case Markup markup -> CodePoints.length(markup.text());
            case List<?> list -> list.size();
            case Tuple tuple -> tuple.items().size();
            case Dict dict -> dict.size();
            case Range range -> range.length();
            case DictView view -> view.dict().size();
            case Loop loop -> loop.length();
            default -> throw Fault.wrong("object of type '" + TypeName.of(value) + "' has no len()");
        };
    }
}
