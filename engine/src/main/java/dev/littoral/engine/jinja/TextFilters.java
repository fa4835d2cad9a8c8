package dev.littoral.engine.jinja;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Filters that make texts. */
final class TextFilters {

    static final Map<String, Filters.Filter> ALL = Map.ofEntries(
            Map.entry("capitalize", (value, given) -> like(value, given, "capitalize")),
            Map.entry("center", TextFilters::center),
            Map.entry("e", TextFilters::escape),
            Map.entry("escape", TextFilters::escape),
            Map.entry("format", TextFilters::format),
            Map.entry("indent", TextFilters::indent),
            Map.entry("join", TextFilters::join),
            Map.entry("lower", (value, given) -> like(value, given, "lower")),
            Map.entry("replace", TextFilters::replace),
            Map.entry("safe", (value, given) -> new Markup(str(value, given.taking()))),
            Map.entry("string", (value, given) -> soft(value, given.taking())),
            Map.entry("striptags", TextFilters::stripTags),
            Map.entry("title", TextFilters::title),
            Map.entry("tojson", Json::write),
            Map.entry("trim", TextFilters::trim),
            Map.entry("truncate", TextFilters::truncate),
            Map.entry("upper", (value, given) -> like(value, given, "upper")),
            Map.entry("urlencode", TextFilters::urlEncode));

    private static final Pattern TAGS = Pattern.compile("<[^<>]*+>");
    private static final long LEEWAY = 5;

    private TextFilters() {}

    private static String str(Object value, Arguments arguments) {
        return Printing.str(arguments.budget(), value);
    }

    /** A text as it is, and others printed. */
    private static Object soft(Object value, Arguments arguments) {
        return value instanceof Markup ? value : str(value, arguments);
    }

    /** Calls a method of the printed value, which a text that is marked safe leaves marked. */
    private static Object method(Object value, String name, Arguments arguments) {
        Object method = soft(value, arguments) instanceof Markup markup
                ? TextMethods.of(markup, name)
                : TextMethods.of(str(value, arguments), name);
        return ((Function) method).call(arguments);
    }

    private static Object like(Object value, Arguments given, String name) {
        return method(value, name, given.taking());
    }

    private static Object center(Object value, Arguments given) {
        Arguments arguments = given.taking("width");
        Object width = arguments.or("width", 80L);
        return method(value, "center", new Arguments(given.budget(), "center", List.of(width), Map.of()));
    }

    private static Object trim(Object value, Arguments given) {
        Object chars = given.taking("chars").or("chars", None.NONE);
        return method(value, "strip", new Arguments(given.budget(), "trim", List.of(chars), Map.of()));
    }

    private static Object escape(Object value, Arguments given) {
        if (value instanceof Markup) {
            return value;
        }
        String text = str(value, given.taking());
        return new Markup(Markup.escape(given.budget(), text));
    }

    private static Object format(Object value, Arguments given) {
        if (value instanceof Markup) {
            throw Fault.wrong("format of a text that is marked safe is not known here");
        }
        if (!given.positional().isEmpty() && !given.named().isEmpty()) {
            throw Fault.wrong("can't handle positional and keyword arguments at the same time");
        }
        given.budget().entries(given.named().size());
        Dict named = new Dict();
        given.named().forEach((name, one) -> named.put(given.budget(), name, one));
        Object values = given.named().isEmpty() ? new Tuple(given.positional()) : named;
        return new PercentFormat(given.budget(), str(value, given), values).format();
    }

    private static Object indent(Object value, Arguments given) {
        Arguments arguments = given.taking("width", "first", "blank");
        Object width = arguments.or("width", 4L);
        String by = width instanceof String text
                ? text
                : (String) Arithmetic.apply(given.budget(), "*", " ", arguments.whole("width", 4));
        List<Object> lines =
                TextParts.lines(given.budget(), newline(given.budget(), arguments.text("its value", value)), false);
        boolean blank = arguments.truth("blank");
        Sink sink = new Sink(given.budget()).append(arguments.truth("first") ? by : "");
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            sink.append(i == 0 ? "" : "\n");
            sink.append(i > 0 && (blank || !line.isEmpty()) ? by : "").append(line);
        }
        return value instanceof Markup ? new Markup(sink.toString()) : sink.toString();
    }

    private static String newline(Budget budget, String text) {
        budget.text(text.length() + 1L);
        return text + "\n";
    }

    private static Object join(Object value, Arguments given) {
        Arguments arguments = given.taking("d", "attribute");
        String separator = str(arguments.or("d", ""), given);
        Path path = Path.of(given.budget(), arguments.or("attribute", None.NONE));
        Sink sink = new Sink(given.budget());
        boolean first = true;
        for (Object item : Sequences.items(given.budget(), value)) {
            sink.append(first ? "" : separator).append(str(path.in(item), given));
            first = false;
        }
        return sink.toString();
    }

    private static Object replace(Object value, Arguments given) {
        Arguments arguments = given.taking("old", "new", "count");
        long count = arguments
                .unlessNone("count")
                .map(_ -> arguments.whole("count", -1))
                .orElse(-1L);
        String old = str(arguments.need("old"), given);
        return TextMethods.replace(given.budget(), str(value, given), old, str(arguments.need("new"), given), count);
    }

    /** Comments and tags go, the blanks between words become one, and entities their characters. */
    private static Object stripTags(Object value, Arguments given) {
        String text = str(value, given.taking());
        given.budget().text(2L * text.length());
        StringBuilder kept = new StringBuilder();
        int from = 0;
        for (int at = text.indexOf("<!--"); at >= 0; at = text.indexOf("<!--", from)) {
            int end = text.indexOf("-->", at);
            if (end < 0) {
                break;
            }
            kept.append(text, from, at);
            from = end + 3;
        }
        String bare = TAGS.matcher(kept.append(text.substring(from))).replaceAll("");
        if (bare.indexOf('&') >= 0) {
            throw Fault.wrong("striptags of a text with entities is not known here");
        }
        Object words = ((Function) TextMethods.of(bare, "split"))
                .call(new Arguments(given.budget(), "split", List.of(), Map.of()));
        return TextMethods.join(given.budget(), " ", Sequences.items(given.budget(), words));
    }

    /** Words begin behind blanks and opening brackets; each is lowered apart from its first letter, as by jinja2. */
    private static Object title(Object value, Arguments given) {
        String text = str(value, given.taking());
        Sink sink = new Sink(given.budget());
        int from = 0;
        while (from < text.length()) {
            boolean separates = separates(text.codePointAt(from));
            int to = from;
            while (to < text.length() && separates(text.codePointAt(to)) == separates) {
                to += Character.charCount(text.codePointAt(to));
            }
            int rest = from + Character.charCount(text.codePointAt(from));
            Casing.upper(sink, text.codePointAt(from));
            for (int i = rest; i < to; i += Character.charCount(text.codePointAt(i))) {
                Casing.lower(sink, text, i, rest, to);
            }
            from = to;
        }
        return sink.toString();
    }

    private static boolean separates(int c) {
        return CodePoints.isBlank(c) || "-({[<".indexOf(c) >= 0;
    }

    private static Object truncate(Object value, Arguments given) {
        Arguments arguments = given.taking("length", "killwords", "end", "leeway");
        long length = Math.min(arguments.whole("length", 255), 2L * Budget.MOST_CHARACTERS);
        String end = arguments.text("end", arguments.or("end", "..."));
        long leeway = arguments
                .unlessNone("leeway")
                .map(_ -> arguments.whole("leeway", LEEWAY))
                .orElse(LEEWAY);
        long kept = length - CodePoints.length(end);
        if (kept < 0 || leeway < 0) {
            throw Fault.wrong("truncate to less than its end, or with a negative leeway");
        }
        if (Sequences.length(given.budget(), value) <= length + Math.min(leeway, Budget.MOST_CHARACTERS)) {
            return value;
        }
        String text = arguments.text("its value", value);
        String cut = CodePoints.part(given.budget(), text, 0, (int) kept);
        int word = cut.lastIndexOf(' ');
        given.budget().text(cut.length() + (long) end.length());
        return (arguments.truth("killwords") || word < 0 ? cut : cut.substring(0, word)) + end;
    }

    private static Object urlEncode(Object value, Arguments given) {
        given.taking();
        if (Markup.plain(value) instanceof String || !Sequences.isIterable(value)) {
            Sink sink = new Sink(given.budget());
            quote(sink, str(value, given), false);
            return sink.toString();
        }
        Object pairs = value instanceof Dict dict ? new DictView(dict, DictView.Kind.ITEMS) : value;
        Sink sink = new Sink(given.budget());
        for (Object pair : Sequences.items(given.budget(), pairs)) {
            List<Object> two = Sequences.items(given.budget(), pair);
            if (two.size() != 2) {
                throw Fault.wrong("urlencode needs pairs");
            }
            sink.append(sink.isEmpty() ? "" : "&");
            quote(sink, str(two.get(0), given), true);
            sink.append("=");
            quote(sink, str(two.get(1), given), true);
        }
        return sink.toString();
    }

    private static void quote(Sink sink, String text, boolean inQuery) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            if ((c < 128 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0)) || (c == '/' && !inQuery)) {
                sink.append((char) c);
            } else if (c == ' ' && inQuery) {
                sink.append('+');
            } else if (Character.getType(c) == Character.SURROGATE) {
                throw Fault.wrong("half of a surrogate pair has no UTF-8");
            } else {
                for (byte one : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    sink.append('%').append(Character.toUpperCase(Character.forDigit((one >> 4) & 15, 16)));
                    sink.append(Character.toUpperCase(Character.forDigit(one & 15, 16)));
                }
            }
        }
    }
}
