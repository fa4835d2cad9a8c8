package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Writes JSON as Python's {@code json.dumps}, which transformers calls without escaping for HTML. */
final class Json {

    private static final int MOST_INDENT = 1000;

    private final Sink sink;
    private final Budget budget;
    private final boolean ascii;
    private final Optional<String> indent;
    private final String between;
    private final String behindKey;
    private final boolean sorts;

    private Json(Arguments arguments) {
        budget = arguments.budget();
        sink = new Sink(budget);
        ascii = arguments.truth("ensure_ascii");
        indent = arguments.unlessNone("indent").map(value -> indent(arguments, value));
        sorts = arguments.truth("sort_keys");
        Optional<List<Object>> separators =
                arguments.unlessNone("separators").map(value -> Sequences.items(budget, value));
        if (separators.filter(pair -> pair.size() != 2).isPresent()) {
            throw Fault.wrong("separators must be two texts");
        }
        between = separators
                .map(pair -> arguments.text("separators", pair.get(0)))
                .orElse(indent.isPresent() ? "," : ", ");
        behindKey = separators
                .map(pair -> arguments.text("separators", pair.get(1)))
                .orElse(": ");
    }

    private static String indent(Arguments arguments, Object value) {
        return value instanceof String text ? text : spaces(arguments.whole("indent", 0));
    }

    private static String spaces(long count) {
        if (count > MOST_INDENT) {
            throw Fault.bound("indents JSON by more than " + MOST_INDENT);
        }
        return " ".repeat((int) Math.max(0, count));
    }

    static Object write(Object value, Arguments given) {
        Json json = new Json(given.taking("ensure_ascii", "indent", "separators", "sort_keys"));
        json.value(value, 0);
        return json.sink.toString();
    }

    private void value(Object value, int depth) {
        budget.step();
        budget.enter();
        write(value, depth);
        budget.leave();
    }

    private void write(Object value, int depth) {
        switch (value) {
            case None _ -> sink.append("null");
            case Boolean truth -> sink.append(truth ? "true" : "false");
            case Long number -> sink.append(number.toString());
            case Double number -> sink.append(real(number));
            case String text -> text(text);
            case Markup markup -> text(markup.text());
            case List<?> list -> items(list, depth);
            case Tuple tuple -> items(tuple.items(), depth);
            case Dict dict -> entries(dict, depth);
            default -> throw Fault.wrong("Object of type " + TypeName.of(value) + " is not JSON serializable");
        }
    }

    private static String real(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        return Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Printing.real(number);
    }

    private void newLine(int depth) {
        indent.ifPresent(one -> {
            sink.append("\n");
            for (int i = 0; i < depth; i++) {
                sink.append(one);
            }
        });
    }

    private void items(List<?> items, int depth) {
        sink.append("[");
        Iterator<?> rest = items.iterator();
        while (rest.hasNext()) {
            newLine(depth + 1);
            value(rest.next(), depth + 1);
            sink.append(rest.hasNext() ? between : "");
        }
        if (!items.isEmpty()) {
            newLine(depth);
        }
        sink.append("]");
    }

    private void entries(Dict dict, int depth) {
        sink.append("{");
        budget.items(dict.size());
        List<Dict.Entry> entries = new ArrayList<>(dict.entries());
        if (sorts) {
            Sorting.sort(entries, (one, other) -> Compare.compare(budget, "<", one.key(), other.key()), false);
        }
        Iterator<Dict.Entry> rest = entries.iterator();
        while (rest.hasNext()) {
            Dict.Entry entry = rest.next();
            newLine(depth + 1);
            text(key(entry.key()));
            sink.append(behindKey);
            value(entry.value(), depth + 1);
            sink.append(rest.hasNext() ? between : "");
        }
        if (dict.size() > 0) {
            newLine(depth);
        }
        sink.append("}");
    }

    private static String key(Object key) {
        return switch (key) {
            case String text -> text;
            case Markup markup -> markup.text();
            case None _ -> "null";
            case Boolean truth -> truth ? "true" : "false";
            case Long number -> number.toString();
            case Double number -> real(number);
            default -> throw Fault.wrong("keys must be str, int, float, bool or None, not " + TypeName.of(key));
        };
    }

    private void text(String text) {
        sink.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> sink.append("\\\"");
                case '\\' -> sink.append("\\\\");
                case '\n' -> sink.append("\\n");
                case '\r' -> sink.append("\\r");
                case '\t' -> sink.append("\\t");
                case '\b' -> sink.append("\\b");
                case '\f' -> sink.append("\\f");
                default -> {
                    if (c < 0x20 || (ascii && c > 0x7e)) {
                        sink.append("\\u").hex(c, 4);
                    } else {
                        sink.append(c);
                    }
                }
            }
        }
        sink.append('"');
    }
}
