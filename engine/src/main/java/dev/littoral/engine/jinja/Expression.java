package dev.littoral.engine.jinja;

import java.util.List;
import java.util.Optional;

/** What has a value; {@code line} is where it stands, from 1. */
sealed interface Expression {

    /** A value that stands in the template. */
    record Literal(Object value) implements Expression {}

    /** A variable. */
    record Name(String name, int line) implements Expression {}

    /** {@code of.name}. */
    record Attribute(Expression of, String name, int line) implements Expression {}

    /** {@code of[key]}. */
    record Item(Expression of, Expression key, int line) implements Expression {}

    /** {@code of[start:stop:step]}. */
    record Slice(
            Expression of, Optional<Expression> start, Optional<Expression> stop, Optional<Expression> step, int line)
            implements Expression {}

    /** {@code function(arguments)}. */
    record Call(Expression function, Given given, int line) implements Expression {}

    /** {@code of | name(arguments)}. */
    record Filter(Expression of, String name, Given given, int line) implements Expression {}

    /** {@code of is name(arguments)}. */
    record Test(Expression of, String name, Given given, int line) implements Expression {}

    /** {@code not of}. */
    record Not(Expression of) implements Expression {}

    /** {@code -of} or {@code +of}. */
    record Signed(String operator, Expression of, int line) implements Expression {}

    /** Arithmetic. */
    record Binary(String operator, Expression left, Expression right, int line) implements Expression {}

    /** {@code a ~ b ~ c}. */
    record Concat(List<Expression> parts, int line) implements Expression {}

    /** {@code first < a <= b}. */
    record Comparison(Expression first, List<Operand> others, int line) implements Expression {}

    /** An operator of a comparison and what stands behind it. */
    record Operand(String operator, Expression of) {}

    /** {@code left and right}. */
    record And(Expression left, Expression right) implements Expression {}

    /** {@code left or right}. */
    record Or(Expression left, Expression right) implements Expression {}

    /** {@code then if test else other}. */
    record Condition(Expression test, Expression then, Optional<Expression> other, int line) implements Expression {}

    /** {@code [a, b]}. */
    record ListOf(List<Expression> items) implements Expression {}

    /** {@code (a, b)}. */
    record TupleOf(List<Expression> items) implements Expression {}

    /** {@code {a: b}}. */
    record DictOf(List<Pair> pairs) implements Expression {}

    /** A key of a dictionary and its value. */
    record Pair(Expression key, Expression value) {}

    /** An argument with its name. */
    record Named(String name, Expression value) {}

    /** Arguments as the template gives them. */
    record Given(
            List<Expression> positional,
            List<Named> named,
            Optional<Expression> morePositional,
            Optional<Expression> moreNamed) {

        static final Given NOTHING = new Given(List.of(), List.of(), Optional.empty(), Optional.empty());
    }
}
