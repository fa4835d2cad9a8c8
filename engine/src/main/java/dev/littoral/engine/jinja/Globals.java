package dev.littoral.engine.jinja;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The functions that transformers gives every chat template. */
final class Globals {

    private Globals() {}

    static Map<String, Object> of(Clock clock) {
        Map<String, Object> globals = new HashMap<>();
        add(globals, "range", Globals::range);
        add(globals, "dict", Globals::dict);
        add(globals, "namespace", Globals::namespace);
        add(globals, "raise_exception", Globals::refuse);
        add(
                globals,
                "strftime_now",
                given -> new TimeFormat(clock)
                        .format(given.budget(), given.taking("format").text("format")));
        for (String name : List.of("cycler", "joiner", "lipsum")) {
            add(globals, name, _ -> {
                throw Fault.wrong("'" + name + "' is not known here");
            });
        }
        return globals;
    }

    private static void add(Map<String, Object> globals, String name, Function.Body body) {
        globals.put(name, new Function(name, body));
    }

    private static Object range(Arguments given) {
        Arguments arguments = given.taking("/1", "/2", "/3");
        arguments.need("/1");
        boolean one = given.positional().size() == 1;
        long first = arguments.whole("/1", 0);
        return new Range(one ? 0 : first, one ? first : arguments.whole("/2", 0), arguments.whole("/3", 1));
    }

    private static Object dict(Arguments given) {
        Dict dict = new Dict();
        if (given.positional().size() > 1) {
            throw Fault.wrong("dict expected at most 1 argument, got "
                    + given.positional().size());
        }
        for (Object from : given.positional()) {
            List<Object> pairs = Sequences.items(
                    given.budget(), from instanceof Dict other ? new DictView(other, DictView.Kind.ITEMS) : from);
            given.budget().entries(pairs.size());
            for (Object pair : pairs) {
                List<Object> two = Sequences.items(given.budget(), pair);
                if (two.size() != 2) {
                    throw Fault.wrong("dictionary update sequence elements must have 2 items");
                }
                dict.put(given.budget(), two.getFirst(), two.getLast());
            }
        }
        given.budget().entries(given.named().size());
        given.named().forEach((name, value) -> dict.put(given.budget(), name, value));
        return dict;
    }

    private static Object namespace(Arguments given) {
        Namespace namespace = new Namespace();
        if (dict(given) instanceof Dict dict) {
            for (Dict.Entry entry : dict.entries()) {
                namespace.set(given.budget(), given.text("a name", entry.key()), entry.value());
            }
        }
        return namespace;
    }

    private static Object refuse(Arguments given) {
        throw Fault.refusal(Printing.str(given.budget(), given.taking("message").need("message")));
    }
}
