package dev.littoral.engine.jinja;

import java.util.List;

/** Reads tokens one by one. */
final class Tokens {

    /** Most pieces of a template, some ten times those of the longest that is published. */
    private static final int MOST_TOKENS = 50_000;

    private static final int MOST_NESTING = 100;

    private final List<Token> tokens;
    private int at;
    private int depth;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    /**
     * Adds a token to those of a template.
     *
     * @throws SyntaxFault when there are too many
     */
    static void add(List<Token> tokens, Token token) {
        if (tokens.size() == MOST_TOKENS) {
            throw new SyntaxFault(token.line(), "it has more than " + MOST_TOKENS + " names, numbers and signs");
        }
        tokens.add(token);
    }

    Token current() {
        return tokens.get(at);
    }

    Token following() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean skipOperator(String operator) {
        return skip(current().isOperator(operator));
    }

    boolean skipName(String name) {
        return skip(current().isName(name));
    }

    private boolean skip(boolean matches) {
        if (matches) {
            next();
        }
        return matches;
    }

    Token expect(Token.Kind kind, String told) {
        if (current().kind() != kind) {
            throw fault("expected " + told + ", not " + current().told());
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw fault("expected '" + operator + "', not " + current().told());
        }
    }

    SyntaxFault fault(String message) {
        return new SyntaxFault(current().line(), message);
    }

    /** Goes one level deeper into what contains itself. */
    void enter() {
        if (++depth > MOST_NESTING) {
            throw fault("it nests statements or expressions deeper than " + MOST_NESTING + "; use another template");
        }
    }

    void leave() {
        depth--;
    }
}
