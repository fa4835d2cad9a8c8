package dev.littoral.engine.jinja;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Attributes and items as jinja2's sandbox gives them: what it does not give is undefined. */
final class Attributes {

    private static final Set<String> OF_NUMBERS = Set.of(
            "real",
            "imag",
            "numerator",
            "denominator",
            "conjugate",
            "bit_length",
            "bit_count",
            "to_bytes",
            "from_bytes",
            "as_integer_ratio",
            "is_integer",
            "hex",
            "fromhex");

    private Attributes() {}

    /** {@code of.name}: a method or attribute, else an item. */
    static Object attribute(Budget budget, Object of, String name) {
        requireDefined(of);
        Object own = own(of, name);
        return own instanceof Undefined && of instanceof Dict dict && !CollectionMethods.changes(name)
                ? dict.find(budget, name).orElse(own)
                : own;
    }

    /** {@code of[key]}: an item, else a method or attribute. */
    static Object item(Budget budget, Object of, Object key) {
        requireDefined(of);
        Object plain = Markup.plain(key);
        return switch (of) {
            case Dict dict ->
                (isKey(key) ? dict.find(budget, key) : Optional.empty()).orElseGet(() -> named(budget, of, plain));
            case List<?> list -> at(budget, of, list, plain);
            case Tuple tuple -> at(budget, of, tuple.items(), plain);
            case Range range -> at(budget, of, range.items(), plain);
            case String text -> character(budget, of, text, plain);
            case Markup markup -> character(budget, of, markup.text(), plain);
            default -> named(budget, of, plain);
        };
    }

    private static boolean isKey(Object key) {
        return !(key instanceof List<?> || key instanceof Dict || key instanceof DictView);
    }

    private static void requireDefined(Object of) {
        if (of instanceof Undefined undefined) {
            throw undefined.fault();
        }
    }

    private static Object named(Budget budget, Object of, Object key) {
        budget.reads(key);
        return key instanceof String name ? own(of, name) : absent(of, key);
    }

    private static Undefined absent(Object of, Object key) {
        String told = key instanceof Long || key instanceof Double || key instanceof Boolean ? key.toString() : "such";
        return new Undefined(TypeName.of(of) + " object has no element " + told);
    }

    private static Object at(Budget budget, Object of, List<?> list, Object key) {
        if (!(key instanceof Long || key instanceof Boolean)) {
            return named(budget, of, key);
        }
        long index = Arithmetic.whole(key);
        long at = index < 0 ? index + list.size() : index;
        return at >= 0 && at < list.size() ? list.get((int) at) : absent(of, key);
    }

    private static Object character(Budget budget, Object of, String text, Object key) {
        if (!(key instanceof Long || key instanceof Boolean)) {
            return named(budget, of, key);
        }
        budget.reads(text);
        int length = CodePoints.length(text);
        long index = Arithmetic.whole(key);
        long at = index < 0 ? index + length : index;
        return at >= 0 && at < length ? CodePoints.part(budget, text, (int) at, (int) at + 1) : absent(of, key);
    }

    private static Object own(Object of, String name) {
        if (name.startsWith("_")) {
            return new Undefined("access to attribute '" + name + "' of '" + TypeName.of(of) + "' object is unsafe.");
        }
        return switch (of) {
            case String text -> TextMethods.of(text, name);
            case Markup markup -> TextMethods.of(markup, name);
            case Dict dict -> CollectionMethods.of(dict, name);
            case List<?> list -> CollectionMethods.of(list, list, name);
            case Tuple tuple ->
                tuple.names().contains(name)
                        ? tuple.items().get(tuple.names().indexOf(name))
                        : CollectionMethods.of(tuple, tuple.items(), name);
            case Range range -> range(range, name);
            case DictView view -> CollectionMethods.of(view, name);
            case Namespace namespace -> {
                Object value = namespace.attributes().get(name);
                yield value == null ? Undefined.attribute(of, name) : value;
            }
            case Loop loop -> loop.attribute(name);
            case Macro macro -> macro(macro, name);
            case Long _, Double _, Boolean _ -> {
                if (OF_NUMBERS.contains(name)) {
                    throw Fault.wrong("'" + name + "' of a number is not known here");
                }
                yield Undefined.attribute(of, name);
            }
            default -> Undefined.attribute(of, name);
        };
    }

    private static Object range(Range range, String name) {
        return switch (name) {
            case "start" -> range.start();
            case "stop" -> range.stop();
            case "step" -> range.step();
            default -> CollectionMethods.of(range, range.items(), name);
        };
    }

    private static Object macro(Macro macro, String name) {
        return switch (name) {
            case "name" -> macro.name();
            case "arguments" -> new Tuple(List.copyOf(macro.definition().parameters()));
            case "caller" -> macro.definition().usesCaller();
            case "catch_kwargs" -> macro.definition().usesNamed();
            case "catch_varargs" -> macro.definition().usesPositional();
            default -> Undefined.attribute(macro, name);
        };
    }
}
