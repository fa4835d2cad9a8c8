package dev.littoral.engine.jinja;

import java.util.Map;

/** Filters that make numbers, and those that give another value instead. */
final class NumberFilters {

    static final Map<String, Filters.Filter> ALL = Map.of(
            "abs", NumberFilters::abs,
            "count", (value, given) -> Sequences.length(given.taking().budget(), value),
            "d", NumberFilters::orElse,
            "default", NumberFilters::orElse,
            "float", NumberFilters::real,
            "int", NumberFilters::whole,
            "length", (value, given) -> Sequences.length(given.taking().budget(), value),
            "round", NumberFilters::round,
            "sum", NumberFilters::sum,
            "wordcount", NumberFilters::words);

    private static final long DECIMAL = 10;

    private NumberFilters() {}

    private static Object checked(Object value, Arguments arguments) {
        arguments.budget().reads(value);
        return value;
    }

    private static Object abs(Object value, Arguments given) {
        given.taking();
        return switch (value) {
            case Double number -> Math.abs(number);
            case Long number when number == Long.MIN_VALUE -> throw Fault.wrong("a whole number has more than 64 bits");
            case Long _, Boolean _ -> Math.abs(Arithmetic.whole(value));
            case Undefined undefined -> throw undefined.fault();
            default -> throw Fault.wrong("bad operand type for abs(): '" + TypeName.of(value) + "'");
        };
    }

    private static Object orElse(Object value, Arguments given) {
        Arguments arguments = given.taking("default_value", "boolean");
        boolean absent = value instanceof Undefined || (arguments.truth("boolean") && !Compare.truth(value));
        return absent ? arguments.or("default_value", "") : value;
    }

    private static Object real(Object value, Arguments given) {
        Object other = given.taking("default").or("default", 0.0);
        return switch (Markup.plain(value)) {
            case String text ->
                Numbers.real(given.budget(), text)
                        .map(number -> (Object) number)
                        .orElse(other);
            case Long _, Boolean _, Double _ -> Arithmetic.real(value);
            case Undefined undefined -> throw undefined.fault();
            default -> other;
        };
    }

    private static Object whole(Object value, Arguments given) {
        Arguments arguments = given.taking("default", "base");
        Object other = arguments.or("default", 0L);
        long base = arguments.whole("base", DECIMAL);
        return switch (Markup.plain(value)) {
            case String text ->
                Numbers.whole(given.budget(), text, base)
                        .or(() -> Numbers.real(given.budget(), text)
                                .filter(number -> !Double.isNaN(number) && !Double.isInfinite(number))
                                .map(Numbers::whole))
                        .map(number -> (Object) number)
                        .orElse(other);
            case Double number -> Double.isNaN(number) || Double.isInfinite(number) ? other : Numbers.whole(number);
            case Long _, Boolean _ -> Arithmetic.whole(value);
            case Undefined undefined -> throw undefined.fault();
            default -> other;
        };
    }

    private static Object round(Object value, Arguments given) {
        Arguments arguments = given.taking("precision", "method");
        long digits = arguments.whole("precision", 0);
        String method = arguments.text("method", arguments.or("method", "common"));
        if (!Compare.isNumber(value)) {
            throw value instanceof Undefined undefined
                    ? undefined.fault()
                    : Fault.wrong("type " + TypeName.of(value) + " doesn't define __round__ method");
        }
        return switch (method) {
            case "common" ->
                value instanceof Double number
                        ? (Object) Numbers.rounded(number, digits)
                        : Numbers.rounded(Arithmetic.whole(value), digits);
            case "ceil", "floor" -> {
                Object scale = Arithmetic.apply(given.budget(), "**", 10L, digits);
                double scaled = Arithmetic.real(Arithmetic.apply(given.budget(), "*", value, scale));
                Object cut = Numbers.whole(method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled));
                yield Arithmetic.apply(given.budget(), "/", cut, scale);
            }
            default -> throw Fault.wrong("method must be common, ceil or floor");
        };
    }

    private static Object sum(Object value, Arguments given) {
        Arguments arguments = given.taking("attribute", "start");
        Object sum = arguments.or("start", 0L);
        if (Markup.plain(sum) instanceof String) {
            throw Fault.wrong("sum() can't sum strings [use ''.join(seq) instead]");
        }
        Path path = Path.of(given.budget(), arguments.or("attribute", None.NONE));
        for (Object item : Sequences.items(given.budget(), value)) {
            Object part = path.in(item);
            sum = Arithmetic.apply(given.budget(), "+", sum, part);
        }
        return sum;
    }

    private static Object words(Object value, Arguments given) {
        String text = Printing.str(given.budget(), checked(value, given.taking()));
        long words = 0;
        boolean within = false;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            boolean belongs = c == '_' || Character.isLetter(c) || Casing.isNumeric(c);
            words += belongs && !within ? 1 : 0;
            within = belongs;
        }
        return words;
    }
}
