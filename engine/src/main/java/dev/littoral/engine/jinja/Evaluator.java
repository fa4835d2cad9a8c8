package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives expressions their values. */
final class Evaluator {

    private final Budget budget;
    private int line = 1;

    Evaluator(Budget budget) {
        this.budget = budget;
    }

    /** The line of what was evaluated last. */
    int line() {
        return line;
    }

    void at(int now) {
        if (now > 0) {
            line = now;
        }
    }

    boolean truth(Expression expression, Frame frame) {
        return Compare.truth(value(expression, frame));
    }

    Object value(Expression expression, Frame frame) {
        budget.step();
        budget.enter();
        Object value = entered(expression, frame);
        budget.leave();
        return value;
    }

    private Object entered(Expression expression, Frame frame) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> {
                at(name.line());
                yield frame.get(name.name());
            }
            case Expression.Attribute attribute -> {
                Object of = value(attribute.of(), frame);
                at(attribute.line());
                yield Attributes.attribute(budget, of, attribute.name());
            }
            case Expression.Item item -> {
                Object of = value(item.of(), frame);
                Object key = value(item.key(), frame);
                at(item.line());
                yield Attributes.item(budget, of, key);
            }
            case Expression.Slice slice -> slice(slice, frame);
            case Expression.Call call -> call(call, frame, Map.of());
            case Expression.Filter filter -> {
                Object of = value(filter.of(), frame);
                Arguments arguments = arguments(filter.name(), filter.given(), frame, Map.of());
                at(filter.line());
                budget.reads(of);
                yield Filters.apply(filter.name(), of, arguments);
            }
            case Expression.Test test -> {
                Object of = value(test.of(), frame);
                Arguments arguments = arguments(test.name(), test.given(), frame, Map.of());
                at(test.line());
                yield Tests.holds(test.name(), of, arguments);
            }
            case Expression.Not not -> !truth(not.of(), frame);
            case Expression.And and -> {
                Object left = value(and.left(), frame);
                yield Compare.truth(left) ? value(and.right(), frame) : left;
            }
            case Expression.Or or -> {
                Object left = value(or.left(), frame);
                yield Compare.truth(left) ? left : value(or.right(), frame);
            }
            case Expression.Condition condition -> condition(condition, frame);
            case Expression.Signed signed -> {
                Object of = value(signed.of(), frame);
                at(signed.line());
                yield Arithmetic.signed(signed.operator(), of);
            }
            case Expression.Binary binary -> {
                Object left = value(binary.left(), frame);
                Object right = value(binary.right(), frame);
                at(binary.line());
                yield Arithmetic.apply(budget, binary.operator(), left, right);
            }
            case Expression.Concat concat -> {
                Sink sink = new Sink(budget);
                for (Expression part : concat.parts()) {
                    sink.append(Printing.str(budget, value(part, frame)));
                }
                yield sink.toString();
            }
            case Expression.Comparison comparison -> comparison(comparison, frame);
            case Expression.ListOf list -> values(list.items(), frame);
            case Expression.TupleOf tuple -> new Tuple(values(tuple.items(), frame));
            case Expression.DictOf dict -> {
                budget.entries(dict.pairs().size());
                Dict made = new Dict();
                for (Expression.Pair pair : dict.pairs()) {
                    Object key = value(pair.key(), frame);
                    made.put(budget, key, value(pair.value(), frame));
                }
                yield made;
            }
        };
    }

    private List<Object> values(List<Expression> expressions, Frame frame) {
        budget.items(expressions.size());
        List<Object> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(value(expression, frame));
        }
        return values;
    }

    private Object slice(Expression.Slice slice, Frame frame) {
        Object of = value(slice.of(), frame);
        Object start = slice.start().map(part -> value(part, frame)).orElse(None.NONE);
        Object stop = slice.stop().map(part -> value(part, frame)).orElse(None.NONE);
        Object step = slice.step().map(part -> value(part, frame)).orElse(None.NONE);
        at(slice.line());
        return Slices.part(budget, of, start, stop, step);
    }

    private Object condition(Expression.Condition condition, Frame frame) {
        if (truth(condition.test(), frame)) {
            return value(condition.then(), frame);
        }
        return condition
                .other()
                .map(other -> value(other, frame))
                .orElse(new Undefined("the inline if-expression on line " + condition.line()
                        + " evaluated to false and no else section was defined."));
    }

    private boolean comparison(Expression.Comparison comparison, Frame frame) {
        Object left = value(comparison.first(), frame);
        for (Expression.Operand operand : comparison.others()) {
            Object right = value(operand.of(), frame);
            at(comparison.line());
            budget.reads(left);
            if (!Compare.holds(budget, operand.operator(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    /** Calls a function with arguments beside those that the template gives. */
    Object call(Expression.Call call, Frame frame, Map<String, Object> beside) {
        Object function = value(call.function(), frame);
        String name = function instanceof Callable callable ? callable.name() : "";
        Arguments arguments = arguments(name, call.given(), frame, beside);
        at(call.line());
        return call(function, arguments);
    }

    private static Object call(Object function, Arguments arguments) {
        return switch (function) {
            case Callable callable -> callable.call(arguments);
            case Undefined undefined -> throw undefined.fault();
            default -> throw Fault.wrong("'" + TypeName.of(function) + "' object is not callable");
        };
    }

    private Arguments arguments(String name, Expression.Given given, Frame frame, Map<String, Object> beside) {
        List<Object> positional = values(given.positional(), frame);
        Map<String, Object> named = new LinkedHashMap<>();
        for (Expression.Named one : given.named()) {
            put(named, one.name(), value(one.value(), frame));
        }
        budget.entries(given.named().size() + beside.size());
        given.morePositional().ifPresent(more -> {
            List<Object> items = Sequences.items(budget, value(more, frame));
            budget.items(positional.size() + (long) items.size());
            positional.addAll(items);
        });
        given.moreNamed().ifPresent(more -> {
            if (!(value(more, frame) instanceof Dict dict)) {
                throw Fault.wrong(name + "() argument after ** must be a mapping");
            }
            budget.entries(named.size() + (long) dict.size());
            for (Dict.Entry entry : dict.entries()) {
                put(named, Printing.str(budget, entry.key()), entry.value());
            }
        });
        beside.forEach((key, value) -> put(named, key, value));
        return new Arguments(budget, name, positional, named);
    }

    private static void put(Map<String, Object> named, String name, Object value) {
        if (named.put(name, value) != null) {
            throw Fault.wrong("got multiple values for keyword argument '" + name + "'");
        }
    }
}
