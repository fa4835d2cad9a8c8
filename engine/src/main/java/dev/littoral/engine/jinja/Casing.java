package dev.littoral.engine.jinja;

import java.util.Locale;
import java.util.function.IntPredicate;

/** Upper and lower case as Python has them. */
final class Casing {

    private Casing() {}

    static String of(String method, String text, Budget budget) {
        budget.text(text.length());
        String made = switch (method) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "casefold" -> text.replace("\u00df", "ss").toLowerCase(Locale.ROOT);
            case "swapcase" -> swapped(text);
            case "title" -> title(text);
            case "capitalize" -> capitalized(text);
            default -> throw new IllegalArgumentException(method);
        };
        budget.text(made.length());
        return made;
    }

    private static String titled(int c) {
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        int titled = Character.toTitleCase(c);
        if (upper.codePointCount(0, upper.length()) == 1 || titled != c) {
            return Character.toString(titled);
        }
        int first = upper.codePointAt(0);
        int rest = Character.charCount(first);
        return upper.substring(0, rest) + upper.substring(rest).toLowerCase(Locale.ROOT);
    }

    private static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        return titled(first) + text.substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
    }

    private static String title(String text) {
        StringBuilder result = new StringBuilder(text.length());
        boolean within = false;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            result.append(within ? Character.toString(c).toLowerCase(Locale.ROOT) : titled(c));
            within = isCased(c);
        }
        return result.toString();
    }

    private static String swapped(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            String one = Character.toString(c);
            result.append(
                    Character.isUpperCase(c)
                            ? one.toLowerCase(Locale.ROOT)
                            : Character.isLowerCase(c) ? one.toUpperCase(Locale.ROOT) : one);
        });
        return result.toString();
    }

    static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    static boolean isCased(String text, IntPredicate has, IntPredicate lacks) {
        return text.codePoints().anyMatch(has)
                && text.codePoints().noneMatch(c -> lacks.test(c) || Character.isTitleCase(c));
    }

    static boolean isTitle(String text) {
        boolean within = false;
        boolean any = false;
        for (int c : text.codePoints().toArray()) {
            boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
            if ((upper && within) || (Character.isLowerCase(c) && !within)) {
                return false;
            }
            within = upper || Character.isLowerCase(c);
            any |= within;
        }
        return any;
    }

    static boolean isSuperscript(int c) {
        return c == 0xB2
                || c == 0xB3
                || c == 0xB9
                || c == 0x2070
                || (c >= 0x2074 && c <= 0x2079)
                || (c >= 0x2080 && c <= 0x2089);
    }

    static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return Character.isDigit(c) || type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
    }
}
