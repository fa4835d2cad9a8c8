package dev.littoral.engine.json;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says by other means than the automaton whether bytes begin a JSON object within its bounds: by recursive descent over
 * expressions that match bytes as characters of ISO 8859-1, and that tell when more input might match.
 */
final class JsonReference {

    enum Verdict {
        WRONG,
        BEGINNING,
        WHOLE
    }

    private static final String HEX = "[0-9a-fA-F]";
    private static final String REST = "[\\x80-\\xBF]";
    private static final Pattern STRING = Pattern.compile("\"(?:[\\x20\\x21\\x23-\\x5B\\x5D-\\x7F]"
            + "|\\\\[\"\\\\/bfnrt]"
            + "|\\\\u[0-9a-cA-CefEF]" + HEX + "{3}|\\\\u[dD][0-7]" + HEX + "{2}"
            + "|\\\\u[dD][89abAB]" + HEX + "{2}\\\\u[dD][c-fC-F]" + HEX + "{2}"
            + "|[\\xC2-\\xDF]" + REST
            + "|\\xE0[\\xA0-\\xBF]" + REST + "|[\\xE1-\\xEC\\xEE\\xEF]" + REST + "{2}|\\xED[\\x80-\\x9F]" + REST
            + "|\\xF0[\\x90-\\xBF]" + REST + "{2}|[\\xF1-\\xF3]" + REST + "{3}|\\xF4[\\x80-\\x8F]" + REST + "{2}"
            + ")*+\"");
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]{0,23})(?:\\.[0-9]{1,24})?(?:[eE][+-]?[0-9]{1,3})?");
    private static final Pattern WORD = Pattern.compile("true|false|null");

    private final String text;
    private int at;
    private int levels;

    /** Ends the descent. */
    private static final class Stop extends RuntimeException {

        private final transient Verdict verdict;

        Stop(Verdict verdict) {
            super(null, null, false, false);
            this.verdict = verdict;
        }
    }

    private JsonReference(String text) {
        this.text = text;
    }

    static Verdict of(byte[] bytes) {
        var reference = new JsonReference(new String(bytes, StandardCharsets.ISO_8859_1));
        try {
            reference.blanks();
            if (reference.peek() != '{') {
                return Verdict.WRONG;
            }
            reference.object();
            reference.blanks();
            return reference.at == reference.text.length() ? Verdict.WHOLE : Verdict.WRONG;
        } catch (Stop stop) {
            return stop.verdict;
        }
    }

    private void value() {
        switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> match(STRING);
            case 't', 'f', 'n' -> match(WORD);
            default -> number();
        }
    }

    private void object() {
        open();
        if (peek() != '}') {
            member();
            while (separator('}')) {
                member();
            }
        }
        close();
    }

    private void member() {
        blanks();
        if (peek() != '"') {
            throw new Stop(Verdict.WRONG);
        }
        match(STRING);
        blanks();
        if (peek() != ':') {
            throw new Stop(Verdict.WRONG);
        }
        at++;
        blanks();
        value();
    }

    private void array() {
        open();
        if (peek() != ']') {
            value();
            while (separator(']')) {
                blanks();
                value();
            }
        }
        close();
    }

    private void open() {
        levels++;
        if (levels > 48) {
            throw new Stop(Verdict.WRONG);
        }
        at++;
        blanks();
    }

    private void close() {
        at++;
        levels--;
    }

    private boolean separator(char end) {
        blanks();
        if (peek() == end) {
            return false;
        }
        if (peek() != ',') {
            throw new Stop(Verdict.WRONG);
        }
        at++;
        return true;
    }

    @SuppressWarnings("JdkObsolete") // whether more input might match is what is asked here
    private void match(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw new Stop(matcher.hitEnd() ? Verdict.BEGINNING : Verdict.WRONG);
        }
        at = matcher.end();
    }

    @SuppressWarnings("JdkObsolete") // as above
    private void number() {
        int end = at;
        while (end < text.length() && "+-.0123456789eE".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        Matcher matcher = NUMBER.matcher(text).region(at, end);
        if (!matcher.matches() && !(end == text.length() && matcher.hitEnd())) {
            throw new Stop(Verdict.WRONG);
        }
        at = end;
    }

    private void blanks() {
        int begin = at;
        while (at < text.length() && " \n\t\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at - begin > 60) {
            throw new Stop(Verdict.WRONG);
        }
    }

    private char peek() {
        if (at == text.length()) {
            throw new Stop(Verdict.BEGINNING);
        }
        return text.charAt(at);
    }
}
