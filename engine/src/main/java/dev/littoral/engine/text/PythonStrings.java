package dev.littoral.engine.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/** Gives strings in templates the methods that they have in Python, and none that they have in Java. */
final class PythonStrings extends ELResolver {

    private static final Pattern SPACE = Pattern.compile("\\s+");

    @Override
    public @Nullable Object invoke(
            ELContext context,
            Object base,
            Object method,
            Class<?> @Nullable [] types,
            @Nullable Object @Nullable [] arguments) {
        if (!(base instanceof CharSequence)) {
            return null;
        }
        context.setPropertyResolved(true);
        return call(base.toString(), String.valueOf(method), strings(arguments));
    }

    private static List<String> strings(@Nullable Object @Nullable [] arguments) {
        return arguments == null
                ? List.of()
                : Arrays.stream(arguments).map(String::valueOf).toList();
    }

    private static Object call(String text, String method, List<String> arguments) {
        return switch (method) {
            case "strip" -> stripEnd(stripStart(text, arguments), arguments);
            case "lstrip" -> stripStart(text, arguments);
            case "rstrip" -> stripEnd(text, arguments);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title", "capitalize" -> capitalized(text, method.equals("title"));
            case "startswith" -> text.startsWith(first(method, arguments));
            case "endswith" -> text.endsWith(first(method, arguments));
            case "find" -> (long) text.indexOf(first(method, arguments));
            case "count" -> count(text, first(method, arguments));
            case "replace" -> replaced(text, first(method, arguments), arguments.get(1));
            case "split" -> arguments.isEmpty() ? words(text) : split(text, arguments.getFirst(), most(arguments));
            case "splitlines" -> bounded(text.lines());
            default -> throw new IllegalArgumentException("a string has no method " + method + " here");
        };
    }

    private static String first(String method, List<String> arguments) {
        if (arguments.isEmpty() || (method.equals("replace") && arguments.size() < 2)) {
            throw new IllegalArgumentException(method + " needs an argument");
        }
        return arguments.getFirst();
    }

    private static int most(List<String> arguments) {
        return arguments.size() > 1 ? Integer.parseInt(arguments.get(1)) : Integer.MAX_VALUE;
    }

    private static List<String> words(String text) {
        return bounded(SPACE.splitAsStream(text.strip()).filter(word -> !word.isEmpty()));
    }

    private static List<String> bounded(Stream<String> parts) {
        List<String> list =
                parts.limit(JinjaSandbox.MAX_LIST_SIZE + 1L).collect(Collectors.toCollection(ArrayList::new));
        if (list.size() > JinjaSandbox.MAX_LIST_SIZE) {
            throw tooMany();
        }
        return list;
    }

    private static TemplateFunctions.Refusal tooMany() {
        return new TemplateFunctions.Refusal("a text falls into more than " + JinjaSandbox.MAX_LIST_SIZE + " parts");
    }

    /** Counts places; before, between and after all characters where {@code part} is empty, as Python does. */
    private static long count(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** Replaces every place, unless the result would be longer than any output may be. */
    static String replaced(String text, String part, String by) {
        long length = text.length() + count(text, part) * (by.length() - part.length());
        if (length > JinjaSandbox.MAX_OUTPUT_BYTES) {
            throw new TemplateFunctions.Refusal(
                    "a text would become longer than " + JinjaSandbox.MAX_OUTPUT_BYTES + " characters");
        }
        return text.replace(part, by);
    }

    private static List<String> split(String text, String separator, int most) {
        if (separator.isEmpty()) {
            throw new IllegalArgumentException("the separator is empty");
        }
        List<String> parts = new ArrayList<>();
        int from = 0;
        int at = text.indexOf(separator);
        while (at >= 0 && parts.size() < most) {
            parts.add(text.substring(from, at));
            if (parts.size() > JinjaSandbox.MAX_LIST_SIZE) {
                throw tooMany();
            }
            from = at + separator.length();
            at = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static String stripStart(String text, List<String> characters) {
        int from = 0;
        while (from < text.length() && strips(text.charAt(from), characters)) {
            from++;
        }
        return text.substring(from);
    }

    private static String stripEnd(String text, List<String> characters) {
        int to = text.length();
        while (to > 0 && strips(text.charAt(to - 1), characters)) {
            to--;
        }
        return text.substring(0, to);
    }

    private static boolean strips(char c, List<String> characters) {
        return characters.isEmpty()
                ? Character.isWhitespace(c) || c == '\u00A0' || c == '\u0085'
                : characters.getFirst().indexOf(c) >= 0;
    }

    private static String capitalized(String text, boolean everyWord) {
        StringBuilder result = new StringBuilder(text.length());
        boolean begins = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            result.append(begins ? Character.toUpperCase(c) : Character.toLowerCase(c));
            begins = everyWord && !Character.isLetter(c);
        }
        return result.toString();
    }

    @Override
    public @Nullable Object getValue(ELContext context, @Nullable Object base, Object property) {
        return null;
    }

    @Override
    public @Nullable Class<?> getType(ELContext context, @Nullable Object base, Object property) {
        return null;
    }

    @Override
    public void setValue(ELContext context, @Nullable Object base, Object property, @Nullable Object value) {}

    @Override
    public boolean isReadOnly(ELContext context, @Nullable Object base, Object property) {
        return true;
    }

    @Override
    public @Nullable Class<?> getCommonPropertyType(ELContext context, @Nullable Object base) {
        return null;
    }

    @Override
    public java.util.@Nullable Iterator<java.beans.FeatureDescriptor> getFeatureDescriptors(
            ELContext context, @Nullable Object base) {
        return null;
    }
}
