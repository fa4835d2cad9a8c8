package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads expressions with the precedence of jinja2: conditions bind least, then or, and, not, comparisons, sums, ~, products, **, signs. */
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

    private final Tokens tokens;
    private final Names names;
    private final PrimaryParser primaries;

    ExpressionParser(Tokens tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
        this.primaries = new PrimaryParser(tokens, names, this);
    }

    PrimaryParser primaries() {
        return primaries;
    }

    /** Reads an expression, or several with commas between, which are a tuple. */
    Expression tuple(boolean conditional, String... ends) {
        return primaries.tuple(() -> expression(conditional), false, ends);
    }

    Expression expression() {
        return expression(true);
    }

    Expression expression(boolean conditional) {
        tokens.enter();
        try {
            return conditional ? condition() : or();
        } finally {
            tokens.leave();
        }
    }

    private Expression condition() {
        int line = tokens.current().line();
        int unknown = names.unknown();
        Expression then = or();
        while (tokens.skipName("if")) {
            names.forgive(unknown);
            boolean soft = names.soft(true);
            Expression test = or();
            Optional<Expression> other = tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
            names.soft(soft);
            then = new Expression.Condition(test, then, other, line);
        }
        return then;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        try {
            return new Expression.Not(not());
        } finally {
            tokens.leave();
        }
    }

    private Expression comparison() {
        int line = tokens.current().line();
        Expression first = sum();
        List<Expression.Operand> others = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                tokens.next();
                others.add(new Expression.Operand(token.text(), sum()));
            } else if (tokens.skipName("in")) {
                others.add(new Expression.Operand("in", sum()));
            } else if (token.isName("not") && tokens.following().isName("in")) {
                tokens.next();
                tokens.next();
                others.add(new Expression.Operand("notin", sum()));
            } else {
                return others.isEmpty() ? first : new Expression.Comparison(first, others, line);
            }
        }
    }

    private Expression sum() {
        Expression left = concat();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            Token operator = tokens.next();
            left = new Expression.Binary(operator.text(), left, concat(), operator.line());
        }
        return left;
    }

    private Expression concat() {
        int line = tokens.current().line();
        List<Expression> parts = new ArrayList<>(List.of(product()));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.getFirst() : new Expression.Concat(parts, line);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.current().kind() == Token.Kind.OPERATOR
                && PRODUCTS.contains(tokens.current().text())) {
            Token operator = tokens.next();
            left = new Expression.Binary(operator.text(), left, power(), operator.line());
        }
        return left;
    }

    private Expression power() {
        Expression left = signed(true);
        while (tokens.current().isOperator("**")) {
            Token operator = tokens.next();
            left = new Expression.Binary("**", left, signed(true), operator.line());
        }
        return left;
    }

    private Expression signed(boolean filtered) {
        Token token = tokens.current();
        Expression value;
        if (token.isOperator("-") || token.isOperator("+")) {
            tokens.next();
            tokens.enter();
            value = new Expression.Signed(token.text(), signed(false), token.line());
            tokens.leave();
        } else {
            value = primaries.primary();
        }
        value = primaries.postfix(value);
        return filtered ? primaries.filtered(value) : value;
    }
}
