package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Cuts texts as Python does. */
final class TextParts {

    private TextParts() {}

    static Object of(String text, String method, Arguments given) {
        return switch (method) {
            case "splitlines" ->
                lines(given.budget(), text, given.taking("keepends").truth("keepends"));
            case "partition", "rpartition" ->
                partition(text, given.taking("/sep").text("/sep"), method.equals("rpartition"));
            default -> {
                Arguments arguments = given.taking("sep", "maxsplit");
                long most = arguments.whole("maxsplit", -1);
                long bound = most < 0 ? Long.MAX_VALUE : most;
                Optional<String> separator = arguments.unlessNone("sep").map(one -> arguments.text("sep", one));
                boolean backwards = method.equals("rsplit");
                yield separator
                        .map(one -> split(given.budget(), text, one, bound, backwards))
                        .orElseGet(() -> words(given.budget(), text, bound, backwards));
            }
        };
    }

    private static void add(Budget budget, List<Object> parts, String part) {
        budget.items(1);
        parts.add(part);
        if (parts.size() > Budget.MOST_ITEMS) {
            throw Fault.bound("cuts a text into more than " + Budget.MOST_ITEMS + " parts");
        }
    }

    private static List<Object> split(Budget budget, String text, String separator, long most, boolean backwards) {
        if (separator.isEmpty()) {
            throw Fault.wrong("empty separator");
        }
        if (backwards) {
            return turned(split(budget, turned(text), turned(separator), most, false));
        }
        Search search = new Search(separator);
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int at = search.in(text, 0); at >= 0 && parts.size() < most; at = search.in(text, from)) {
            add(budget, parts, text.substring(from, at));
            from = at + separator.length();
        }
        add(budget, parts, text.substring(from));
        return parts;
    }

    private static List<Object> words(Budget budget, String text, long most, boolean backwards) {
        if (backwards) {
            return turned(words(budget, turned(text), most, false));
        }
        List<Object> words = new ArrayList<>();
        int at = behindBlanks(text, 0);
        while (at < text.length()) {
            if (words.size() >= most) {
                add(budget, words, TextMethods.strip(text.substring(at), "rstrip", CodePoints::isBlank));
                return words;
            }
            int end = at;
            while (end < text.length() && !CodePoints.isBlank(text.charAt(end))) {
                end++;
            }
            add(budget, words, text.substring(at, end));
            at = behindBlanks(text, end);
        }
        return words;
    }

    private static int behindBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && CodePoints.isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static String turned(String text) {
        return CodePoints.reversed(text);
    }

    private static List<Object> turned(List<Object> parts) {
        List<Object> turned = new ArrayList<>();
        parts.forEach(part -> turned.add(turned((String) part)));
        Collections.reverse(turned);
        return turned;
    }

    private static Tuple partition(String text, String separator, boolean last) {
        if (separator.isEmpty()) {
            throw Fault.wrong("empty separator");
        }
        int at = last ? Search.last(text, separator) : new Search(separator).in(text, 0);
        if (at < 0) {
            return last ? Tuple.of("", "", text) : Tuple.of(text, "", "");
        }
        return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }

    static List<Object> lines(Budget budget, String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (endsLine(text.charAt(i))) {
                int end = text.startsWith("\r\n", i) ? i + 2 : i + 1;
                add(budget, lines, text.substring(from, keepEnds ? end : i));
                from = end;
                i = end - 1;
            }
        }
        if (from < text.length()) {
            add(budget, lines, text.substring(from));
        }
        return lines;
    }

    private static boolean endsLine(char c) {
        return (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }
}
