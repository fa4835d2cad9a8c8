package dev.littoral.engine.jinja;

/** Texts as Python sees them: as code points. */
final class CodePoints {

    private CodePoints() {}

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Gives the part from one code point to before another; both lie within the text. */
    static String part(Budget budget, String text, int from, int to) {
        budget.reads(text);
        if (length(text) == text.length()) {
            return cut(budget, text, from, to);
        }
        int start = text.offsetByCodePoints(0, from);
        return cut(budget, text, start, text.offsetByCodePoints(start, to - from));
    }

    /** Gives the part from one index of Java's to before another, counted before it is made. */
    static String cut(Budget budget, String text, int from, int to) {
        if (to - from == text.length()) {
            return text;
        }
        budget.text(to - (long) from);
        return text.substring(from, to);
    }

    /** Tells how many code points lie before an index of Java's, and -1 for -1. */
    static long before(String text, int index) {
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    static int compare(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        for (int i = 0; i < shorter; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                boolean pairs = Character.isSurrogate(a) != Character.isSurrogate(b);
                return pairs ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    /** What {@code str.isspace} and the {@code \s} of Python's expressions take for a blank. */
    static boolean isBlank(int c) {
        return (c >= 9 && c <= 13)
                || (c >= 28 && c <= 32)
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }
}
