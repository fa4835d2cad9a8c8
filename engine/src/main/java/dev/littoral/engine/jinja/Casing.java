package dev.littoral.engine.jinja;

import java.util.Locale;
import java.util.function.IntPredicate;

/** Upper and lower case as Python has them, in linear time, which {@link String#toUpperCase()} does not keep. */
final class Casing {

    private static final int CAPITAL_SIGMA = 0x3A3;
    private static final int CAPITAL_DOTTED_I = 0x130;

    /** What Unicode lets stand within words, beside marks. */
    private static final String WITHIN_WORDS =
            "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

    private Casing() {}

    static String of(String method, String text, Budget budget) {
        Sink sink = new Sink(budget);
        boolean within = false;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            switch (method) {
                case "upper" -> upper(sink, c);
                case "lower" -> lower(sink, text, i, 0, text.length());
                case "casefold" -> folded(sink, c);
                case "swapcase" -> swapped(sink, text, i);
                case "title", "capitalize" -> {
                    if (within) {
                        lower(sink, text, i, 0, text.length());
                    } else {
                        titled(sink, c);
                    }
                }
                default -> throw new IllegalArgumentException(method);
            }
            within = method.equals("capitalize") || isCased(c);
        }
        return sink.toString();
    }

    static void upper(Sink sink, int c) {
        if (c < 128) {
            sink.append((char) Character.toUpperCase(c));
        } else {
            sink.append(Character.toString(c).toUpperCase(Locale.ROOT));
        }
    }

    /** Appends the lower case of the character at an index, which a sigma takes from those around it in a part. */
    static void lower(Sink sink, String text, int at, int from, int to) {
        int c = text.codePointAt(at);
        if (c == CAPITAL_SIGMA) {
            sink.append(endsWord(text, at, from, to) ? '\u03c2' : '\u03c3');
        } else if (c == CAPITAL_DOTTED_I) {
            sink.append("i\u0307");
        } else {
            sink.appendCodePoint(Character.toLowerCase(c));
        }
    }

    private static boolean endsWord(String text, int at, int from, int to) {
        int before = at;
        while (before > from && isIgnored(text.codePointBefore(before))) {
            before -= Character.charCount(text.codePointBefore(before));
        }
        if (before == from || !isCased(text.codePointBefore(before))) {
            return false;
        }
        int behind = at + 1;
        while (behind < to && isIgnored(text.codePointAt(behind))) {
            behind += Character.charCount(text.codePointAt(behind));
        }
        return behind >= to || !isCased(text.codePointAt(behind));
    }

    private static boolean isIgnored(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default -> WITHIN_WORDS.indexOf(c) >= 0;
        };
    }

    private static void folded(Sink sink, int c) {
        switch (c) {
            case 0xDF -> sink.append("ss");
            case CAPITAL_SIGMA, 0x3C2 -> sink.append('\u03c3');
            case CAPITAL_DOTTED_I -> sink.append("i\u0307");
            default -> sink.appendCodePoint(Character.toLowerCase(c));
        }
    }

    private static void swapped(Sink sink, String text, int at) {
        int c = text.codePointAt(at);
        if (Character.isUpperCase(c)) {
            lower(sink, text, at, 0, text.length());
        } else if (Character.isLowerCase(c)) {
            upper(sink, c);
        } else {
            sink.appendCodePoint(c);
        }
    }

    private static void titled(Sink sink, int c) {
        int titled = Character.toTitleCase(c);
        if (c < 128 || titled != c) {
            sink.appendCodePoint(titled);
            return;
        }
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        if (upper.codePointCount(0, upper.length()) == 1) {
            sink.appendCodePoint(titled);
            return;
        }
        int rest = Character.charCount(upper.codePointAt(0));
        sink.append(upper, 0, rest).append(upper.substring(rest).toLowerCase(Locale.ROOT));
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
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
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
