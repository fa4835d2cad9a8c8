package dev.littoral.engine.jinja;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
        given.budget().text(6L * text.length());
        return new Markup(Markup.escape(text));
    }

    private static Object format(Object value, Arguments given) {
        if (value instanceof Markup) {
            throw Fault.wrong("format of a text that is marked safe is not known here");
        }
        if (!given.positional().isEmpty() && !given.named().isEmpty()) {
            throw Fault.wrong("can't handle positional and keyword arguments at the same time");
        }
        Dict named = new Dict();
        given.named().forEach(named::put);
        Object values = given.named().isEmpty() ? new Tuple(given.positional()) : named;
        return new PercentFormat(given.budget(), str(value, given), values).format();
    }

    private static Object indent(Object value, Arguments given) {
        Arguments arguments = given.taking("width", "first", "blank");
        Object width = arguments.or("width", 4L);
        String by = width instanceof String text
                ? text
                : (String) Arithmetic.apply(given.budget(), "*", " ", arguments.whole("width", 4));
        List<Object> lines = TextParts.lines(given.budget(), arguments.text("its value", value) + "\n", false);
        boolean blank = arguments.truth("blank");
        Sink sink = new Sink(given.budget()).append(arguments.truth("first") ? by : "");
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            sink.append(i == 0 ? "" : "\n");
            sink.append(i > 0 && (blank || !line.isEmpty()) ? by : "").append(line);
        }
        return value instanceof Markup ? new Markup(sink.toString()) : sink.toString();
    }

    private static Object join(Object value, Arguments given) {
        Arguments arguments = given.taking("d", "attribute");
        String separator = str(arguments.or("d", ""), given);
        Sink sink = new Sink(given.budget());
        boolean first = true;
        for (Object item : Sequences.items(given.budget(), value)) {
            Object part = arguments
                    .unlessNone("attribute")
                    .map(path -> Path.of(given.budget(), path).in(item))
                    .orElse(item);
            sink.append(first ? "" : separator).append(str(part, given));
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
        List<String> words = new ArrayList<>();
        Sequences.items(
                        given.budget(),
                        ((Function) TextMethods.of(bare, "split"))
                                .call(new Arguments(given.budget(), "split", List.of(), Map.of())))
                .forEach(word -> words.add((String) word));
        return String.join(" ", words);
    }

    private static Object title(Object value, Arguments given) {
        String text = str(value, given.taking());
        StringBuilder result = new StringBuilder(text.length());
        boolean begins = true;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            String one = Character.toString(c);
            boolean separates = CodePoints.isBlank(c) || "-({[<".indexOf(c) >= 0;
            result.append(begins ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
            begins = separates;
        }
        return result.toString();
    }

    private static Object truncate(Object value, Arguments given) {
        Arguments arguments = given.taking("length", "killwords", "end", "leeway");
        long length = arguments.whole("length", 255);
        String end = arguments.text("end", arguments.or("end", "..."));
        long leeway = arguments
                .unlessNone("leeway")
                .map(_ -> arguments.whole("leeway", LEEWAY))
                .orElse(LEEWAY);
        long kept = length - CodePoints.length(end);
        if (kept < 0 || leeway < 0) {
            throw Fault.wrong("truncate to less than its end, or with a negative leeway");
        }
        if (Sequences.length(value) <= length + leeway) {
            return value;
        }
        String text = arguments.text("its value", value);
        String cut = CodePoints.part(text, 0, (int) kept);
        int word = cut.lastIndexOf(' ');
        return (arguments.truth("killwords") || word < 0 ? cut : cut.substring(0, word)) + end;
    }

    private static Object urlEncode(Object value, Arguments given) {
        given.taking();
        if (Markup.plain(value) instanceof String || !Sequences.isIterable(value)) {
            return quoted(str(value, given), false);
        }
        List<Object> pairs = value instanceof Dict dict ? dict.items() : Sequences.items(given.budget(), value);
        Sink sink = new Sink(given.budget());
        for (Object pair : pairs) {
            List<Object> two = Sequences.items(given.budget(), pair);
            if (two.size() != 2) {
                throw Fault.wrong("urlencode needs pairs");
            }
            sink.append(sink.toString().isEmpty() ? "" : "&");
            sink.append(quoted(str(two.get(0), given), true)).append("=").append(quoted(str(two.get(1), given), true));
        }
        return sink.toString();
    }

    private static String quoted(String text, boolean inQuery) {
        String quoted = URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
        return inQuery ? quoted : quoted.replace("+", "%20").replace("%2F", "/");
    }
}
