package dev.littoral.engine.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts what stands between two marks into names, numbers, strings and operators. */
final class TagLexer {

    private static final int MOST_OPEN = 100;

    private static final Pattern FLOAT = Pattern.compile(
            "(?<!\\.)\\d+(?:_\\d+)*+(?:(?:\\.\\d+(?:_\\d+)*+)?+[eE][+-]?\\d+(?:_\\d+)*+|\\.\\d+(?:_\\d+)*+)");
    private static final Pattern INTEGER = Pattern.compile(
            "0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++|[1-9](?:_?\\d)*+|0(?:_?0)*+");
    private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";

    private final String source;
    private final List<Token> tokens;
    private final Deque<Character> open = new ArrayDeque<>();
    private int at;
    private int line;

    TagLexer(String source, int at, int line, List<Token> tokens) {
        this.source = source;
        this.at = at;
        this.line = line;
        this.tokens = tokens;
    }

    int at() {
        return at;
    }

    int line() {
        return line;
    }

    /** Tells whether a bracket is open, within which no mark ends the tag. */
    boolean isOpen() {
        return !open.isEmpty();
    }

    /** Reads one token, or goes behind blanks. */
    void next() {
        char c = source.charAt(at);
        if (CodePoints.isBlank(c)) {
            line += c == '\n' ? 1 : 0;
            at++;
        } else if (c == '\'' || c == '"') {
            string(c);
        } else if (!number(FLOAT, Token.Kind.FLOAT) && !number(INTEGER, Token.Kind.INTEGER) && !name()) {
            operator(c);
        }
    }

    private boolean number(Pattern pattern, Token.Kind kind) {
        if (!isDigit(source.charAt(at))) {
            return false;
        }
        Matcher matcher = pattern.matcher(source).region(at, source.length()).useTransparentBounds(true);
        if (!matcher.lookingAt()) {
            return false;
        }
        Tokens.add(tokens, new Token(kind, matcher.group().replace("_", ""), line));
        at = matcher.end();
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private boolean name() {
        int end = at;
        while (end < source.length()
                && Character.isUnicodeIdentifierPart(source.codePointAt(end))
                && !Character.isIdentifierIgnorable(source.codePointAt(end))) {
            end += Character.charCount(source.codePointAt(end));
        }
        if (end == at) {
            return false;
        }
        if (source.charAt(at) != '_' && !Character.isUnicodeIdentifierStart(source.codePointAt(at))) {
            throw new SyntaxFault(line, "a name may not begin with '" + source.charAt(at) + "'");
        }
        Tokens.add(tokens, new Token(Token.Kind.NAME, source.substring(at, end), line));
        at = end;
        return true;
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new SyntaxFault(line, "a string is not closed by " + quote);
        }
        String text = source.substring(at + 1, end);
        Tokens.add(tokens, new Token(Token.Kind.STRING, Escapes.read(text, line), line));
        line += (int) text.chars().filter(c -> c == '\n').count();
        at = end + 1;
    }

    private void operator(char c) {
        for (String operator : LONG_OPERATORS) {
            if (source.startsWith(operator, at)) {
                Tokens.add(tokens, new Token(Token.Kind.OPERATOR, operator, line));
                at += operator.length();
                return;
            }
        }
        if (OPERATORS.indexOf(c) < 0) {
            throw new SyntaxFault(line, "unexpected character '" + c + "'");
        }
        balance(c);
        Tokens.add(tokens, new Token(Token.Kind.OPERATOR, String.valueOf(c), line));
        at++;
    }

    private void balance(char c) {
        switch (c) {
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '{' -> open.push('}');
            case ')', ']', '}' -> {
                if (open.isEmpty() || open.pop() != c) {
                    throw new SyntaxFault(line, "unexpected '" + c + "'");
                }
            }
            default -> {}
        }
        if (open.size() > MOST_OPEN) {
            throw new SyntaxFault(line, "it nests brackets deeper than " + MOST_OPEN + "; use another template");
        }
    }
}
