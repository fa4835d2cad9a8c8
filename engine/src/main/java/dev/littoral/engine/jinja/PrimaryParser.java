package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads names, literals and what is hung on them: attributes, items, calls, filters and tests. */
final class PrimaryParser {

    private static final Set<Token.Kind> ARGUMENTS =
            Set.of(Token.Kind.NAME, Token.Kind.STRING, Token.Kind.INTEGER, Token.Kind.FLOAT);

    private final Tokens tokens;
    private final Names names;
    private final ExpressionParser expressions;

    PrimaryParser(Tokens tokens, Names names, ExpressionParser expressions) {
        this.tokens = tokens;
        this.names = names;
        this.expressions = expressions;
    }

    Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token);
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.current().kind() == Token.Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Literal(text.toString());
            }
            case INTEGER -> new Expression.Literal(whole(token));
            case FLOAT -> new Expression.Literal(Double.valueOf(token.text()));
            case OPERATOR -> bracket(token);
            default -> throw new SyntaxFault(token.line(), "unexpected " + token.told());
        };
    }

    private Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(None.NONE);
            default -> {
                names.use(token.text());
                yield new Expression.Name(token.text(), token.line());
            }
        };
    }

    private static Long whole(Token token) {
        String digits = token.text();
        int radix = digits.length() < 2
                ? 10
                : switch (Character.toLowerCase(digits.charAt(1))) {
                    case 'x' -> 16;
                    case 'o' -> 8;
                    case 'b' -> 2;
                    default -> 10;
                };
        try {
            return Long.valueOf(radix == 10 ? digits : digits.substring(2), radix);
        } catch (NumberFormatException e) {
            throw new SyntaxFault(token.line(), "a whole number has more than 64 bits: " + digits);
        }
    }

    private Expression bracket(Token token) {
        return switch (token.text()) {
            case "(" -> {
                Expression inner = tuple(expressions::expression, true);
                tokens.expectOperator(")");
                yield inner;
            }
            case "[" -> new Expression.ListOf(items("]", expressions::expression));
            case "{" ->
                new Expression.DictOf(items("}", () -> {
                    Expression key = expressions.expression();
                    tokens.expectOperator(":");
                    return new Expression.Pair(key, expressions.expression());
                }));
            default -> throw new SyntaxFault(token.line(), "unexpected " + token.told());
        };
    }

    private <T> List<T> items(String end, Supplier<T> item) {
        List<T> items = new ArrayList<>();
        while (!tokens.current().isOperator(end)) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.current().isOperator(end)) {
                    break;
                }
            }
            items.add(item.get());
        }
        tokens.expectOperator(end);
        return items;
    }

    Expression tuple(Supplier<Expression> item, boolean bracketed, String... ends) {
        List<Expression> items = new ArrayList<>();
        boolean isTuple = false;
        while (!endsTuple(ends)) {
            items.add(item.get());
            if (!tokens.skipOperator(",")) {
                break;
            }
            isTuple = true;
        }
        if (!isTuple && items.size() == 1) {
            return items.getFirst();
        }
        if (!isTuple && !bracketed) {
            throw tokens.fault("expected an expression, not " + tokens.current().told());
        }
        return new Expression.TupleOf(items);
    }

    private boolean endsTuple(String... ends) {
        Token token = tokens.current();
        return switch (token.kind()) {
            case PRINT_END, BLOCK_END, END -> true;
            case OPERATOR -> token.text().equals(")");
            case NAME -> List.of(ends).contains(token.text());
            default -> false;
        };
    }

    Expression postfix(Expression of) {
        Expression value = of;
        while (true) {
            Token token = tokens.current();
            if (token.isOperator(".") || token.isOperator("[")) {
                value = subscript(value);
            } else if (token.isOperator("(")) {
                value = new Expression.Call(value, given(), token.line());
            } else {
                return value;
            }
        }
    }

    Expression filtered(Expression of) {
        Expression value = of;
        while (true) {
            Token token = tokens.current();
            if (token.isOperator("|")) {
                tokens.next();
                value = filter(value);
            } else if (token.isName("is")) {
                value = test(value);
            } else if (token.isOperator("(")) {
                value = new Expression.Call(value, given(), token.line());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression of) {
        Token token = tokens.next();
        if (token.text().equals(".")) {
            Token name = tokens.next();
            return switch (name.kind()) {
                case NAME -> new Expression.Attribute(of, name.text(), token.line());
                case INTEGER -> new Expression.Item(of, new Expression.Literal(whole(name)), token.line());
                default ->
                    throw new SyntaxFault(name.line(), "expected a name or number behind the dot, not " + name.told());
            };
        }
        Optional<Expression> start =
                tokens.current().isOperator(":") ? Optional.empty() : Optional.of(expressions.expression());
        if (start.isPresent() && !tokens.current().isOperator(":")) {
            return key(of, start.get(), token.line());
        }
        tokens.expectOperator(":");
        Optional<Expression> stop = slicePart();
        Optional<Expression> step = tokens.skipOperator(":") ? slicePart() : Optional.empty();
        tokens.expectOperator("]");
        return new Expression.Slice(of, start, stop, step, token.line());
    }

    private Expression key(Expression of, Expression first, int line) {
        if (tokens.skipOperator("]")) {
            return new Expression.Item(of, first, line);
        }
        List<Expression> keys = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",")) {
            keys.add(expressions.expression());
        }
        tokens.expectOperator("]");
        return new Expression.Item(of, new Expression.TupleOf(keys), line);
    }

    private Optional<Expression> slicePart() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]")
                ? Optional.empty()
                : Optional.of(expressions.expression());
    }

    /** Reads a filter's name and arguments; the bar is read already. */
    Expression filter(Expression of) {
        Token token = tokens.expect(Token.Kind.NAME, "the name of a filter");
        String name = dotted(token);
        names.filter(name, token.line());
        Expression.Given given = tokens.current().isOperator("(") ? given() : Expression.Given.NOTHING;
        return new Expression.Filter(of, name, given, token.line());
    }

    private String dotted(Token first) {
        StringBuilder name = new StringBuilder(first.text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Token.Kind.NAME, "a name").text());
        }
        return name.toString();
    }

    private Expression test(Expression of) {
        int line = tokens.next().line();
        boolean negated = tokens.skipName("not");
        String name = dotted(tokens.expect(Token.Kind.NAME, "the name of a test"));
        names.test(name, line);
        Expression test = new Expression.Test(of, name, testArguments(), line);
        return negated ? new Expression.Not(test) : test;
    }

    private Expression.Given testArguments() {
        Token token = tokens.current();
        if (token.isOperator("(")) {
            return given();
        }
        boolean begins = ARGUMENTS.contains(token.kind()) || token.isOperator("[") || token.isOperator("{");
        if (!begins || token.isName("else") || token.isName("or") || token.isName("and")) {
            return Expression.Given.NOTHING;
        }
        if (token.isName("is")) {
            throw tokens.fault("tests cannot be chained with is");
        }
        return new Expression.Given(List.of(postfix(primary())), List.of(), Optional.empty(), Optional.empty());
    }

    private Expression.Given given() {
        int line = tokens.current().line();
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<Expression.Named> named = new ArrayList<>();
        Optional<Expression> morePositional = Optional.empty();
        Optional<Expression> moreNamed = Optional.empty();
        boolean first = true;
        while (!tokens.current().isOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.current().isOperator(")")) {
                    break;
                }
            }
            first = false;
            boolean last = moreNamed.isPresent();
            if (tokens.skipOperator("*")) {
                last |= morePositional.isPresent();
                morePositional = Optional.of(expressions.expression());
            } else if (tokens.skipOperator("**")) {
                moreNamed = Optional.of(expressions.expression());
            } else if (tokens.current().kind() == Token.Kind.NAME
                    && tokens.following().isOperator("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.add(new Expression.Named(name, expressions.expression()));
            } else {
                last |= morePositional.isPresent() || !named.isEmpty();
                positional.add(expressions.expression());
            }
            if (last) {
                throw new SyntaxFault(line, "the arguments of a call stand in a wrong order");
            }
        }
        tokens.expectOperator(")");
        return new Expression.Given(positional, named, morePositional, moreNamed);
    }
}
