package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the statements of a template. */
final class Parser {

    private static final Set<String> OTHER_FILES = Set.of("include", "import", "from", "extends");

    private final Tokens tokens;
    private final Names names = new Names();
    private final ExpressionParser expressions;
    private final TargetParser targets;
    private int loops;

    private Parser(List<Token> tokens) {
        this.tokens = new Tokens(tokens);
        this.expressions = new ExpressionParser(this.tokens, names);
        this.targets = new TargetParser(this.tokens, names);
    }

    /**
     * Reads a whole template.
     *
     * @throws SyntaxFault when it is wrong, or uses what is not known here
     * @throws Fault when it is nested too deep
     */
    static List<Node> parse(String template) {
        Parser parser = new Parser(Lexer.tokens(template));
        List<Node> nodes = parser.body();
        parser.names.requireKnown();
        return nodes;
    }

    /** Reads up to a block that begins with one of the ends, and behind its name; or up to the end of the template. */
    private List<Node> body(String... ends) {
        tokens.enter();
        List<Node> nodes = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> nodes.add(new Node.Text(token.text()));
                case PRINT_BEGIN -> {
                    nodes.add(new Node.Print(expressions.tuple(true)));
                    tokens.expect(Token.Kind.PRINT_END, "}}");
                }
                case BLOCK_BEGIN -> {
                    if (List.of(ends).contains(tokens.current().text())
                            && tokens.current().kind() == Token.Kind.NAME) {
                        tokens.leave();
                        return nodes;
                    }
                    nodes.add(statement());
                    tokens.expect(Token.Kind.BLOCK_END, "%}");
                }
                case END -> {
                    if (ends.length > 0) {
                        throw tokens.fault("the template ends before " + String.join(" or ", ends));
                    }
                    return nodes;
                }
                default -> throw new SyntaxFault(token.line(), "unexpected " + token.told());
            }
        }
    }

    /** Reads behind the block that begins a body, and the body. */
    private List<Node> statements(String... ends) {
        tokens.skipOperator(":");
        tokens.expect(Token.Kind.BLOCK_END, "%}");
        return body(ends);
    }

    private List<Node> closed(String end) {
        boolean soft = names.soft(false);
        List<Node> body = statements(end);
        names.soft(soft);
        tokens.next();
        return body;
    }

    private Node statement() {
        Token token = tokens.expect(Token.Kind.NAME, "a statement");
        int line = token.line();
        return switch (token.text()) {
            case "if" -> branches();
            case "for" -> loop(line);
            case "set" -> set(line);
            case "macro" ->
                new Node.Define(
                        macro(tokens.expect(Token.Kind.NAME, "the macro's name").text()));
            case "call" -> call();
            case "filter" ->
                new Node.FilterBlock(filters(expressions.primaries().filter(Node.CAPTURED)), closed("endfilter"));
            case "with" -> with();
            case "generation" -> new Node.Scope(closed("endgeneration"));
            case "block" -> block();
            case "print" -> print(line);
            case "break", "continue" -> {
                if (loops == 0) {
                    throw new SyntaxFault(line, token.text() + " stands outside of a loop");
                }
                yield new Node.Leave(token.text().equals("continue"));
            }
            default -> throw new SyntaxFault(line, unknown(token.text()));
        };
    }

    private Node print(int line) {
        List<Expression> parts = new ArrayList<>();
        while (tokens.current().kind() != Token.Kind.BLOCK_END) {
            if (!parts.isEmpty()) {
                tokens.expectOperator(",");
            }
            parts.add(expressions.expression());
        }
        return new Node.Print(new Expression.Concat(parts, line));
    }

    private static String unknown(String name) {
        return OTHER_FILES.contains(name)
                ? "'" + name + "' is refused: a chat template reads no other file"
                : "there is no statement '" + name + "' here";
    }

    private Node branches() {
        List<Node.Branch> branches = new ArrayList<>();
        boolean soft = names.soft(true);
        while (true) {
            Expression test = expressions.tuple(false);
            branches.add(new Node.Branch(test, statements("elif", "else", "endif")));
            String next = tokens.next().text();
            if (next.equals("endif")) {
                names.soft(soft);
                return new Node.If(branches, List.of());
            }
            if (next.equals("else")) {
                List<Node> other = statements("endif");
                tokens.next();
                names.soft(soft);
                return new Node.If(branches, other);
            }
        }
    }

    private Node loop(int line) {
        Node.Target target = targets.target(false, true, "in");
        if (!tokens.skipName("in")) {
            throw tokens.fault("expected 'in', not " + tokens.current().told());
        }
        Expression items = expressions.tuple(false, "recursive");
        Optional<Expression> test = tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        if (tokens.current().isName("recursive")) {
            throw tokens.fault("recursive loops are not known here");
        }
        boolean soft = names.soft(false);
        loops++;
        List<Node> body = statements("endfor", "else");
        loops--;
        List<Node> other = tokens.next().text().equals("else") ? otherwise() : List.of();
        names.soft(soft);
        return new Node.For(target, items, test, body, other, line);
    }

    private List<Node> otherwise() {
        List<Node> other = statements("endfor");
        tokens.next();
        return other;
    }

    private Node set(int line) {
        Node.Target target = targets.target(true, loops > 0);
        if (tokens.skipOperator("=")) {
            return new Node.Set(target, expressions.tuple(true), line);
        }
        Expression value = filters(Node.CAPTURED);
        return new Node.SetBlock(target, value, closed("endset"), line);
    }

    private Expression filters(Expression of) {
        Expression value = of;
        while (tokens.skipOperator("|")) {
            value = expressions.primaries().filter(value);
        }
        return value;
    }

    private Node.Definition macro(String name) {
        names.enterMacro();
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        signature(parameters, defaults);
        return finish(name, parameters, defaults, "endmacro");
    }

    private void signature(List<String> parameters, List<Expression> defaults) {
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            parameters.add(tokens.expect(Token.Kind.NAME, "a parameter").text());
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.fault("a parameter without a default follows one with a default");
            }
        }
    }

    private Node.Definition finish(String name, List<String> parameters, List<Expression> defaults, String end) {
        int outer = loops;
        loops = 0;
        List<Node> body = closed(end);
        loops = outer;
        Set<String> used = names.leaveMacro();
        used.removeAll(parameters);
        return new Node.Definition(
                name,
                parameters,
                defaults,
                body,
                used.contains("caller"),
                used.contains("kwargs"),
                used.contains("varargs"));
    }

    private Node call() {
        names.enterMacro();
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        if (tokens.current().isOperator("(")) {
            signature(parameters, defaults);
        }
        if (expressions.expression() instanceof Expression.Call call) {
            return new Node.CallBlock(finish("caller", parameters, defaults, "endcall"), call);
        }
        throw tokens.fault("a call block needs a call");
    }

    private Node with() {
        List<Node.Target> assigned = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.current().kind() != Token.Kind.BLOCK_END) {
            if (!assigned.isEmpty()) {
                tokens.expectOperator(",");
            }
            assigned.add(targets.target(false, false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Node.With(assigned, values, closed("endwith"));
    }

    private Node block() {
        String name = tokens.expect(Token.Kind.NAME, "the block's name").text();
        if (tokens.current().kind() != Token.Kind.BLOCK_END) {
            throw tokens.fault("a block has no options here");
        }
        int outer = loops;
        loops = 0;
        List<Node> body = closed("endblock");
        loops = outer;
        tokens.skipName(name);
        return new Node.Block(body);
    }
}
