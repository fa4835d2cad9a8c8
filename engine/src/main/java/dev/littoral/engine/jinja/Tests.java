package dev.littoral.engine.jinja;

import java.util.Map;
import java.util.Set;

/** What stands behind {@code is}. */
final class Tests {

    private static final Map<String, String> OPERATORS = Map.ofEntries(
            Map.entry("==", "=="),
            Map.entry("eq", "=="),
            Map.entry("equalto", "=="),
            Map.entry("!=", "!="),
            Map.entry("ne", "!="),
            Map.entry(">", ">"),
            Map.entry("gt", ">"),
            Map.entry("greaterthan", ">"),
            Map.entry(">=", ">="),
            Map.entry("ge", ">="),
            Map.entry("<", "<"),
            Map.entry("lt", "<"),
            Map.entry("lessthan", "<"),
            Map.entry("<=", "<="),
            Map.entry("le", "<="),
            Map.entry("in", "in"));

    private static final Set<String> OTHERS = Set.of(
            "boolean",
            "callable",
            "defined",
            "divisibleby",
            "escaped",
            "even",
            "false",
            "filter",
            "float",
            "integer",
            "iterable",
            "lower",
            "mapping",
            "none",
            "number",
            "odd",
            "sameas",
            "sequence",
            "string",
            "test",
            "true",
            "undefined",
            "upper");

    private Tests() {}

    static boolean isKnown(String name) {
        return OPERATORS.containsKey(name) || OTHERS.contains(name);
    }

    /** @throws Fault when there is no such test, or it does not take the value */
    static boolean holds(String name, Object value, Arguments given) {
        String operator = OPERATORS.get(name);
        Budget budget = given.budget();
        if (operator != null) {
            return Compare.holds(budget, operator, value, given.taking("/other").need("/other"));
        }
        budget.step();
        return switch (name) {
            case "divisibleby" -> rest(budget, value, given.taking("num").need("num"), 0);
            case "sameas" -> same(value, given.taking("other").need("other"));
            default -> {
                given.taking();
                yield alone(budget, name, value);
            }
        };
    }

    private static boolean alone(Budget budget, String name, Object value) {
        return switch (name) {
            case "boolean" -> value instanceof Boolean;
            case "callable" -> value instanceof Callable || value instanceof Undefined;
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "escaped" -> value instanceof Markup;
            case "even" -> rest(budget, value, 2L, 0);
            case "odd" -> rest(budget, value, 2L, 1);
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "filter" -> Filters.isKnown(name(budget, value));
            case "test" -> isKnown(name(budget, value));
            case "float" -> value instanceof Double;
            case "integer" -> value instanceof Long;
            case "number" -> Compare.isNumber(value);
            case "iterable" -> Sequences.isIterable(value);
            case "sequence" -> Sequences.hasLength(value);
            case "lower" -> Casing.isCased(Printing.str(budget, value), Character::isLowerCase, Character::isUpperCase);
            case "upper" -> Casing.isCased(Printing.str(budget, value), Character::isUpperCase, Character::isLowerCase);
            case "mapping" -> value instanceof Dict;
            case "none" -> value == None.NONE;
            case "string" -> Markup.plain(value) instanceof String;
            default -> throw Fault.wrong("there is no test '" + name + "'");
        };
    }

    private static String name(Budget budget, Object value) {
        budget.reads(value);
        return Markup.plain(value) instanceof String text ? text : "";
    }

    private static boolean rest(Budget budget, Object value, Object by, long rest) {
        return Compare.equal(budget, Arithmetic.apply(budget, "%", value, by), rest);
    }

    private static boolean same(Object value, Object other) {
        return Compare.isSame(value, other)
                || ((value instanceof Boolean || value instanceof None) && value.equals(other))
                || (value instanceof Long number && -5 <= number && number <= 256 && number.equals(other));
    }
}
