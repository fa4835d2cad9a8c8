package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what is assigned to: a name, the attribute of a namespace, or several of them. */
final class TargetParser {

    private static final Set<String> CONSTANTS = Set.of("true", "True", "false", "False", "none", "None");

    private final Tokens tokens;
    private final Names names;

    TargetParser(Tokens tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
    }

    Node.Target target(boolean members, boolean inLoop, String... ends) {
        List<Node.Target> targets = new ArrayList<>();
        boolean several = false;
        while (!ends(ends)) {
            targets.add(one(members, inLoop));
            if (!tokens.skipOperator(",")) {
                break;
            }
            several = true;
        }
        if (targets.isEmpty()) {
            throw tokens.fault("expected a name, not " + tokens.current().told());
        }
        return several ? new Node.Targets(targets) : targets.getFirst();
    }

    private boolean ends(String... ends) {
        Token token = tokens.current();
        return token.isOperator(")")
                || token.kind() == Token.Kind.BLOCK_END
                || (token.kind() == Token.Kind.NAME && List.of(ends).contains(token.text()));
    }

    private Node.Target one(boolean members, boolean inLoop) {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Node.Target inner = target(members, inLoop);
            tokens.leave();
            tokens.expectOperator(")");
            return inner;
        }
        Token name = tokens.expect(Token.Kind.NAME, "a name");
        if (CONSTANTS.contains(name.text())) {
            throw new SyntaxFault(name.line(), "nothing can be assigned to " + name.text());
        }
        if (members && tokens.skipOperator(".")) {
            names.use(name.text());
            return new Node.Member(
                    name.text(), tokens.expect(Token.Kind.NAME, "an attribute").text());
        }
        if (inLoop && name.text().equals("loop")) {
            throw new SyntaxFault(name.line(), "nothing can be assigned to loop within a loop");
        }
        return new Node.Variable(name.text());
    }
}
