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
                partition(given.budget(), text, given.taking("/sep").text("/sep"), method.equals("rpartition"));
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

    private static void add(Budget budget, List<Object> parts, String text, int from, int to) {
        budget.add(parts, CodePoints.cut(budget, text, from, to));
    }

    private static List<Object> split(Budget budget, String text, String separator, long most, boolean backwards) {
        if (separator.isEmpty()) {
            throw Fault.wrong("empty separator");
        }
        if (backwards) {
            return turned(budget, split(budget, turned(budget, text), turned(budget, separator), most, false));
        }
        budget.items(0);
        Search search = new Search(budget, separator);
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int at = search.in(text, 0); at >= 0 && parts.size() < most; at = search.in(text, from)) {
            add(budget, parts, text, from, at);
            from = at + separator.length();
        }
        add(budget, parts, text, from, text.length());
        return parts;
    }

    private static List<Object> words(Budget budget, String text, long most, boolean backwards) {
        if (backwards) {
            return turned(budget, words(budget, turned(budget, text), most, false));
        }
        budget.items(0);
        List<Object> words = new ArrayList<>();
        int at = behindBlanks(text, 0);
        while (at < text.length()) {
            if (words.size() >= most) {
                add(budget, words, text, at, text.length());
                return words;
            }
            int end = at;
            while (end < text.length() && !CodePoints.isBlank(text.charAt(end))) {
                end++;
            }
            add(budget, words, text, at, end);
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

    private static String turned(Budget budget, String text) {
        budget.text(text.length());
        return CodePoints.reversed(text);
    }

    private static List<Object> turned(Budget budget, List<Object> parts) {
        budget.items(parts.size());
        List<Object> turned = new ArrayList<>(parts.size());
        parts.forEach(part -> turned.add(turned(budget, (String) part)));
        Collections.reverse(turned);
        return turned;
    }

    private static Tuple partition(Budget budget, String text, String separator, boolean last) {
        if (separator.isEmpty()) {
            throw Fault.wrong("empty separator");
        }
        budget.items(3);
        int at = last ? Search.last(budget, text, separator) : new Search(budget, separator).in(text, 0);
        if (at < 0) {
            return last ? Tuple.of("", "", text) : Tuple.of(text, "", "");
        }
        return Tuple.of(
                CodePoints.cut(budget, text, 0, at),
                separator,
                CodePoints.cut(budget, text, at + separator.length(), text.length()));
    }

    static List<Object> lines(Budget budget, String text, boolean keepEnds) {
        budget.items(0);
        List<Object> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (endsLine(text.charAt(i))) {
                int end = text.startsWith("\r\n", i) ? i + 2 : i + 1;
                add(budget, lines, text, from, keepEnds ? end : i);
                from = end;
                i = end - 1;
            }
        }
        if (from < text.length()) {
            add(budget, lines, text, from, text.length());
        }
        return lines;
    }

    private static boolean endsLine(char c) {
        return (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }
}
