package dev.littoral.engine.jinja;

import java.util.List;
import java.util.Optional;

/** Finds parts of texts as Python does. */
final class Finding {

    private Finding() {}

    /** A part of a text and the number of code points before it. */
    private record Part(long from, String text) {}

    /** The part between two places, of which negative ones count from the end; empty where they are in a wrong order. */
    private static Optional<Part> within(String text, Arguments arguments) {
        long length = CodePoints.length(text);
        long from = Math.max(0, place(arguments, "/start", 0, length));
        long to = Math.clamp(place(arguments, "/end", length, length), 0, length);
        return from > to
                ? Optional.empty()
                : Optional.of(new Part(from, CodePoints.part(arguments.budget(), text, (int) from, (int) to)));
    }

    private static long place(Arguments arguments, String parameter, long other, long length) {
        return arguments
                .unlessNone(parameter)
                .map(_ -> arguments.whole(parameter, other))
                .map(place -> place < 0 ? place + length : place)
                .orElse(other);
    }

    static boolean affix(String text, boolean starts, Arguments given) {
        Arguments arguments = given.taking("/affix", "/start", "/end");
        Object affixes = arguments.need("/affix");
        List<Object> all = affixes instanceof Tuple tuple ? tuple.items() : List.of(affixes);
        Optional<Part> part = within(text, arguments);
        for (Object one : all) {
            given.budget().reads(one);
            String affix = arguments.text("/affix", one);
            if (part.filter(within -> starts
                            ? within.text().startsWith(affix)
                            : within.text().endsWith(affix))
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    static Object found(String text, String name, Arguments given) {
        Arguments arguments = given.taking("/sub", "/start", "/end");
        String sub = arguments.text("/sub");
        Optional<Part> part = within(text, arguments);
        if (name.equals("count")) {
            return part.map(within -> count(given.budget(), within.text(), sub)).orElse(0L);
        }
        long at = part.map(within -> place(given.budget(), within, sub, name.startsWith("r")))
                .orElse(-1L);
        if (at < 0 && name.endsWith("index")) {
            throw Fault.wrong("substring not found");
        }
        return at;
    }

    private static long place(Budget budget, Part part, String sub, boolean last) {
        String text = part.text();
        int at = last ? Search.last(budget, text, sub) : new Search(budget, sub).in(text, 0);
        return at < 0 ? -1 : part.from() + CodePoints.before(text, at);
    }

    private static long count(Budget budget, String text, String sub) {
        if (sub.isEmpty()) {
            return CodePoints.length(text) + 1L;
        }
        Search search = new Search(budget, sub);
        long count = 0;
        for (int at = search.in(text, 0); at >= 0; at = search.in(text, at + sub.length())) {
            count++;
        }
        return count;
    }
}
