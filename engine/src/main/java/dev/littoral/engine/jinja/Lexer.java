package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into tokens as jinja2's lexer does with {@code trim_blocks} and {@code lstrip_blocks}: the newline
 * behind a block or comment is dropped, and so are blanks between the beginning of a line and a block or comment.
 */
final class Lexer {

    private static final int MOST_CHARACTERS = 1 << 20;

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int linesDropped;
    private boolean lineBegins = true;

    private Lexer(String source) {
        this.source = source;
    }

    /**
     * Gives the tokens; the last is of the kind END.
     *
     * @throws SyntaxFault when a mark is not closed, a character belongs to no token, or it is too long
     */
    static List<Token> tokens(String template) {
        if (template.length() > MOST_CHARACTERS) {
            throw new SyntaxFault(1, "it has more than " + MOST_CHARACTERS + " characters; use another template");
        }
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.read();
        return lexer.tokens;
    }

    private void read() {
        while (at < source.length()) {
            int mark = nextMark();
            if (mark < 0) {
                add(Token.Kind.DATA, source.substring(at));
                at = source.length();
                break;
            }
            switch (source.charAt(mark + 1)) {
                case '{' -> {
                    open(mark, true);
                    tag(Token.Kind.PRINT_BEGIN, Token.Kind.PRINT_END, '}');
                }
                case '#' -> {
                    open(mark, false);
                    comment();
                }
                default -> {
                    open(mark, false);
                    if (!raw()) {
                        tag(Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, '%');
                    }
                }
            }
        }
        Tokens.add(tokens, new Token(Token.Kind.END, "", line));
    }

    private int nextMark() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Gives the text before a mark as a token, and goes behind the mark and its sign. */
    private void open(int mark, boolean prints) {
        int behind = mark + 2;
        char sign = behind < source.length() ? source.charAt(behind) : ' ';
        add(Token.Kind.DATA, stripped(source.substring(at, mark), sign, prints));
        line += linesDropped;
        moveTo(sign == '-' || sign == '+' ? behind + 1 : behind);
    }

    private String stripped(String text, char sign, boolean prints) {
        linesDropped = 0;
        if (sign == '-') {
            int end = text.length();
            while (end > 0 && CodePoints.isBlank(text.charAt(end - 1))) {
                end--;
            }
            linesDropped = newlines(text, end, text.length());
            return text.substring(0, end);
        }
        int from = text.lastIndexOf('\n') + 1;
        if (sign != '+' && !prints && (from > 0 || lineBegins) && isBlank(text, from)) {
            return text.substring(0, from);
        }
        return text;
    }

    private static boolean isBlank(String text, int from) {
        return text.substring(from).chars().allMatch(CodePoints::isBlank);
    }

    private static int newlines(String text, int from, int to) {
        return (int) text.substring(from, to).chars().filter(c -> c == '\n').count();
    }

    private void add(Token.Kind kind, String text) {
        if (kind != Token.Kind.DATA || !text.isEmpty()) {
            Tokens.add(tokens, new Token(kind, text, line));
        }
        if (kind == Token.Kind.DATA) {
            line += newlines(text, 0, text.length());
        }
    }

    private void moveTo(int next) {
        lineBegins = next > 0 && next <= source.length() && source.charAt(next - 1) == '\n';
        at = next;
    }

    /** Goes behind a closing mark of two characters and the blanks that belong to it; its sign, if any, is at {@code from}. */
    private void close(int from, boolean signed, boolean trims) {
        char sign = source.charAt(from);
        int to = from + (signed ? 3 : 2);
        if (signed && sign == '-') {
            while (to < source.length() && CodePoints.isBlank(source.charAt(to))) {
                to++;
            }
        } else if (!signed && trims && to < source.length() && source.charAt(to) == '\n') {
            to++;
        }
        line += newlines(source, from, to);
        moveTo(to);
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw new SyntaxFault(line, "a comment is not closed by #}");
        }
        boolean signed = end > at && (source.charAt(end - 1) == '-' || source.charAt(end - 1) == '+');
        int from = signed ? end - 1 : end;
        line += newlines(source, at, from);
        close(from, signed, true);
    }

    private boolean raw() {
        int name = skipBlanks(at);
        if (!source.startsWith("raw", name)) {
            return false;
        }
        int end = skipBlanks(name + 3);
        boolean signed = source.startsWith("-%}", end);
        if (!signed && !source.startsWith("%}", end)) {
            return false;
        }
        line += newlines(source, at, end);
        close(end, signed, false);
        for (int mark = source.indexOf("{%", at); mark >= 0; mark = source.indexOf("{%", mark + 2)) {
            int behind = mark + 2;
            if (behind < source.length() && (source.charAt(behind) == '-' || source.charAt(behind) == '+')) {
                behind++;
            }
            int endName = skipBlanks(behind);
            int closing = skipBlanks(endName + "endraw".length());
            if (source.startsWith("endraw", endName)) {
                boolean closingSigned = source.startsWith("-%}", closing) || source.startsWith("+%}", closing);
                if (closingSigned || source.startsWith("%}", closing)) {
                    open(mark, false);
                    line += newlines(source, at, closing);
                    close(closing, closingSigned, true);
                    return true;
                }
            }
        }
        throw new SyntaxFault(line, "raw is not closed by endraw");
    }

    private int skipBlanks(int from) {
        int next = from;
        while (next < source.length() && CodePoints.isBlank(source.charAt(next))) {
            next++;
        }
        return next;
    }

    private void tag(Token.Kind begin, Token.Kind end, char mark) {
        add(begin, "");
        TagLexer inside = new TagLexer(source, at, line, tokens);
        while (true) {
            boolean signed = inside.isOpen() ? false : startsSigned(inside.at(), mark, begin);
            if (!inside.isOpen() && (signed || startsMark(inside.at(), mark))) {
                line = inside.line();
                Tokens.add(tokens, new Token(end, "", line));
                close(inside.at(), signed, begin == Token.Kind.BLOCK_BEGIN);
                return;
            }
            if (inside.at() >= source.length()) {
                throw new SyntaxFault(line, (mark == '%' ? "{%" : "{{") + " is not closed");
            }
            inside.next();
        }
    }

    private boolean startsMark(int from, char mark) {
        return source.startsWith(mark + "}", from);
    }

    private boolean startsSigned(int from, char mark, Token.Kind begin) {
        return source.startsWith("-" + mark + "}", from)
                || (begin == Token.Kind.BLOCK_BEGIN && source.startsWith("+" + mark + "}", from));
    }
}
