package dev.littoral.engine.jinja;

import java.util.List;
import java.util.Optional;

/** A statement of a template, or what it prints. */
sealed interface Node {

    /** Text as it stands. */
    record Text(String text) implements Node {}

    /** The value of an expression. */
    record Print(Expression value) implements Node {}

    /** Branches, the first whose test is true is rendered, else {@code other}. */
    record If(List<Branch> branches, List<Node> other) implements Node {}

    /** A test and what it guards. */
    record Branch(Expression test, List<Node> body) {}

    /** A loop over the items that pass the test. */
    record For(Target target, Expression items, Optional<Expression> test, List<Node> body, List<Node> other, int line)
            implements Node {}

    /** {@code set target = value}. */
    record Set(Target target, Expression value, int line) implements Node {}

    /** {@code set target}, a body, {@code endset}; the value is made of {@link #CAPTURED}. */
    record SetBlock(Target target, Expression value, List<Node> body, int line) implements Node {}

    /** {@code filter}, a body; the value is made of {@link #CAPTURED}. */
    record FilterBlock(Expression value, List<Node> body) implements Node {}

    /** Defines a macro. */
    record Define(Definition macro) implements Node {}

    /** Calls a macro that may call the body. */
    record CallBlock(Definition caller, Expression.Call call) implements Node {}

    /** Variables for a body only. */
    record With(List<Target> targets, List<Expression> values, List<Node> body) implements Node {}

    /** A body that sees the variables of the whole template only. */
    record Block(List<Node> body) implements Node {}

    /** A body that leaves no variables behind. */
    record Scope(List<Node> body) implements Node {}

    /** Ends the loop, or its pass. */
    record Leave(boolean continues) implements Node {}

    /** A macro's name, parameters and body; the last {@code defaults.size()} parameters have defaults. */
    record Definition(
            String name,
            List<String> parameters,
            List<Expression> defaults,
            List<Node> body,
            boolean usesCaller,
            boolean usesNamed,
            boolean usesPositional) {}

    /** What is assigned to. */
    sealed interface Target {}

    /** A variable. */
    record Variable(String name) implements Target {}

    /** An attribute of a namespace. */
    record Member(String namespace, String name) implements Target {}

    /** Several at once. */
    record Targets(List<Target> targets) implements Target {}

    /** The variable, with a name that no template can write, that holds a rendered body. */
    Expression CAPTURED = new Expression.Name("{captured}", 0);
}
