package dev.littoral.engine.text;

/** Reads an expression from its beginning to its end: single characters, classes, escapes and numbers. */
final class PatternReader {

    private static final String ESCAPES = "sSdDwWnrtfvaepPxuRhH";

    private final String pattern;
    private int at;

    PatternReader(String pattern) {
        this.pattern = pattern;
    }

    /** Gives how many characters were read. */
    int at() {
        return at;
    }

    boolean ended() {
        return at >= pattern.length();
    }

    /** Says whether the next character is one of these. */
    boolean sees(String anyOf) {
        return !ended() && anyOf.indexOf(pattern.charAt(at)) >= 0;
    }

    boolean seesText(String text) {
        return pattern.startsWith(text, at);
    }

    void skip(int characters) {
        at += characters;
    }

    /** Gives what was read since. */
    String since(int begin) {
        return pattern.substring(begin, at);
    }

    /** Gives the next character, which must be there. */
    char next() {
        if (ended()) {
            throw new PatternRefused("ends too early");
        }
        return pattern.charAt(at);
    }

    int number() {
        int begin = at;
        // no digits of other scripts: the matcher takes them for text
        while (!ended() && pattern.charAt(at) >= '0' && pattern.charAt(at) <= '9' && at - begin < 4) {
            at++;
        }
        if (at == begin) {
            throw new PatternRefused("repeats in an unknown way");
        }
        return Integer.parseInt(since(begin));
    }

    /** Reads what matches one character. */
    void single() {
        switch (next()) {
            case '[' -> characters(0);
            case '\\' -> escape();
            case '^', '$' -> throw new PatternRefused("has an anchor");
            case '*', '+', '?', '{' -> throw new PatternRefused("repeats nothing");
            default -> at += Character.charCount(pattern.codePointAt(at));
        }
    }

    private void characters(int depth) {
        if (depth == 2) {
            throw new PatternRefused("has classes nested too deeply");
        }
        at++;
        if (next() == '^') {
            at++;
        }
        int begin = at;
        while (next() != ']' || at == begin) {
            switch (next()) {
                case '[' -> characters(depth + 1);
                case '\\' -> escape();
                default -> at += Character.charCount(pattern.codePointAt(at));
            }
        }
        at++;
    }

    private void escape() {
        at++;
        char c = next();
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter && ESCAPES.indexOf(c) < 0) {
            throw new PatternRefused("has an escape that is not known: \\" + c);
        }
        at += Character.charCount(pattern.codePointAt(at));
        if (c == 'p' || c == 'P') {
            int end = pattern.indexOf('}', at);
            if (next() != '{' || end < 0 || !pattern.substring(at + 1, end).matches("\\^?[A-Za-z_]{1,40}")) {
                throw new PatternRefused("has a property of an unknown kind");
            }
            at = end + 1;
        } else if (c == 'x' || c == 'u') {
            hex(c);
        }
    }

    private void hex(char kind) {
        if (next() == '{') {
            int end = pattern.indexOf('}', at);
            if (kind != 'x' || end < 0 || !pattern.substring(at + 1, end).matches("[0-9A-Fa-f]{1,6}")) {
                throw new PatternRefused("has a character by an unknown number");
            }
            at = end + 1;
            return;
        }
        int digits = kind == 'x' ? 2 : 4;
        if (at + digits > pattern.length()
                || !pattern.substring(at, at + digits).matches("[0-9A-Fa-f]+")) {
            throw new PatternRefused("has a character by an unknown number");
        }
        at += digits;
    }
}
