package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** Methods of texts as in Python; those without a use in templates are refused by name. */
final class TextMethods {

    private static final Set<String> KNOWN = Set.of(
            "capitalize",
            "casefold",
            "center",
            "count",
            "endswith",
            "find",
            "format",
            "index",
            "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isdigit",
            "islower",
            "isnumeric",
            "isspace",
            "istitle",
            "isupper",
            "join",
            "ljust",
            "lower",
            "lstrip",
            "partition",
            "removeprefix",
            "removesuffix",
            "replace",
            "rfind",
            "rindex",
            "rjust",
            "rpartition",
            "rsplit",
            "rstrip",
            "split",
            "splitlines",
            "startswith",
            "strip",
            "swapcase",
            "title",
            "upper",
            "zfill");
    private static final Set<String> REFUSED =
            Set.of("encode", "expandtabs", "format_map", "isidentifier", "isprintable", "maketrans", "translate");
    private static final Set<String> OF_MARKED_REFUSED = Set.of("format", "join", "partition", "rpartition");

    private TextMethods() {}

    static Object of(String text, String name) {
        if (REFUSED.contains(name)) {
            throw Fault.wrong("the method '" + name + "' of texts is not known here");
        }
        return KNOWN.contains(name)
                ? new Function(name, arguments -> {
                    arguments.budget().reads(text);
                    return call(text, name, arguments);
                })
                : Undefined.attribute(text, name);
    }

    /** Methods of a text that is marked safe escape their arguments and mark what they give. */
    static Object of(Markup markup, String name) {
        if (OF_MARKED_REFUSED.contains(name)) {
            throw Fault.wrong("the method '" + name + "' of a text that is marked safe is not known here");
        }
        if (!(of(markup.text(), name) instanceof Function method)) {
            return Undefined.attribute(markup, name);
        }
        boolean escapes = !name.contains("split") && !name.contains("with");
        return new Function(name, given -> {
            Budget budget = given.budget();
            budget.items(given.positional().size());
            List<Object> positional = new ArrayList<>();
            given.positional().forEach(one -> positional.add(escapes ? escaped(budget, one) : one));
            budget.entries(given.named().size());
            Map<String, Object> named = new LinkedHashMap<>();
            given.named().forEach((key, value) -> named.put(key, escapes ? escaped(budget, value) : value));
            return marked(budget, method.call(new Arguments(budget, name, positional, named)));
        });
    }

    private static Object escaped(Budget budget, Object argument) {
        return argument instanceof String text ? Markup.escape(budget, text) : Markup.plain(argument);
    }

    private static Object marked(Budget budget, Object value) {
        return switch (value) {
            case String text -> new Markup(text);
            case List<?> list -> {
                budget.items(list.size());
                List<Object> marked = new ArrayList<>(list.size());
                list.forEach(one -> marked.add(one instanceof String text ? new Markup(text) : one));
                yield marked;
            }
            default -> value;
        };
    }

    private static Object call(String text, String name, Arguments given) {
        return switch (name) {
            case "strip", "lstrip", "rstrip" -> strip(text, name, given.taking("/chars"));
            case "upper", "lower", "casefold", "swapcase", "title", "capitalize" -> {
                given.taking();
                yield Casing.of(name, text, given.budget());
            }
            case "startswith", "endswith" -> Finding.affix(text, name.equals("startswith"), given);
            case "find", "rfind", "index", "rindex", "count" -> Finding.found(text, name, given);
            case "replace" -> {
                Arguments arguments = given.taking("/old", "/new", "count");
                yield replace(
                        given.budget(),
                        text,
                        arguments.text("/old"),
                        arguments.text("/new"),
                        arguments.whole("count", -1));
            }
            case "split", "rsplit", "splitlines", "partition", "rpartition" -> TextParts.of(text, name, given);
            case "join" ->
                join(
                        given.budget(),
                        text,
                        Sequences.items(given.budget(), given.taking("/parts").need("/parts")));
            case "format" -> new BraceFormat(text, given).format();
            case "removeprefix" -> {
                String prefix = given.taking("/prefix").text("/prefix");
                yield text.startsWith(prefix)
                        ? CodePoints.cut(given.budget(), text, prefix.length(), text.length())
                        : text;
            }
            case "removesuffix" -> {
                String suffix = given.taking("/suffix").text("/suffix");
                yield text.endsWith(suffix)
                        ? CodePoints.cut(given.budget(), text, 0, text.length() - suffix.length())
                        : text;
            }
            case "ljust", "rjust", "center", "zfill" -> Padding.of(text, name, given);
            default -> {
                given.taking();
                yield is(text, name);
            }
        };
    }

    private static boolean is(String text, String name) {
        return switch (name) {
            case "isdigit" -> all(text, c -> Character.isDigit(c) || Casing.isSuperscript(c));
            case "isdecimal" -> all(text, Character::isDigit);
            case "isnumeric" -> all(text, Casing::isNumeric);
            case "isalpha" -> all(text, Character::isLetter);
            case "isalnum" -> all(text, c -> Character.isLetter(c) || Casing.isNumeric(c));
            case "isspace" -> all(text, CodePoints::isBlank);
            case "isascii" -> text.codePoints().allMatch(c -> c < 128);
            case "isupper" -> Casing.isCased(text, Character::isUpperCase, Character::isLowerCase);
            case "islower" -> Casing.isCased(text, Character::isLowerCase, Character::isUpperCase);
            case "istitle" -> Casing.isTitle(text);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static boolean all(String text, IntPredicate is) {
        return !text.isEmpty() && text.codePoints().allMatch(is);
    }

    private static String strip(String text, String name, Arguments arguments) {
        Budget budget = arguments.budget();
        return arguments
                .unlessNone("/chars")
                .map(chars -> {
                    budget.reads(chars);
                    BitSet set = new BitSet();
                    arguments.text("/chars", chars).codePoints().forEach(set::set);
                    return strip(budget, text, name, set::get);
                })
                .orElseGet(() -> strip(budget, text, name, CodePoints::isBlank));
    }

    static String strip(Budget budget, String text, String name, IntPredicate strips) {
        int from = 0;
        int to = text.length();
        while (!name.equals("rstrip") && from < to && strips.test(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (!name.equals("lstrip") && to > from && strips.test(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return CodePoints.cut(budget, text, from, to);
    }

    /** Replaces the first {@code most} places, all where it is negative. */
    static String replace(Budget budget, String text, String old, String by, long most) {
        Sink sink = new Sink(budget);
        long left = most < 0 ? Long.MAX_VALUE : most;
        int from = 0;
        if (old.isEmpty()) {
            while (left-- > 0) {
                sink.append(by);
                if (from == text.length()) {
                    break;
                }
                int next = text.offsetByCodePoints(from, 1);
                sink.append(text, from, next);
                from = next;
            }
            return sink.append(text, from, text.length()).toString();
        }
        Search search = new Search(budget, old);
        for (int at = search.in(text, 0); at >= 0 && left-- > 0; at = search.in(text, from)) {
            sink.append(text, from, at).append(by);
            from = at + old.length();
        }
        return sink.append(text, from, text.length()).toString();
    }

    static String join(Budget budget, String separator, List<Object> parts) {
        Sink sink = new Sink(budget);
        for (int i = 0; i < parts.size(); i++) {
            if (!(Markup.plain(parts.get(i)) instanceof String part)) {
                throw Fault.wrong(
                        "sequence item " + i + ": expected str instance, " + TypeName.of(parts.get(i)) + " found");
            }
            sink.append(i == 0 ? "" : separator).append(part);
        }
        return sink.toString();
    }
}
