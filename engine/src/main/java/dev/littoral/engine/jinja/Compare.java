package dev.littoral.engine.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Truth, equality, order and membership as in Python. */
final class Compare {

    private Compare() {}

    static boolean truth(Object value) {
        return switch (value) {
            case None _, Undefined _ -> false;
            case Boolean truth -> truth;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case Markup markup -> !markup.text().isEmpty();
            case List<?> list -> !list.isEmpty();
            case Tuple tuple -> !tuple.items().isEmpty();
            case Dict dict -> dict.size() > 0;
            case Range range -> range.length() > 0;
            case DictView view -> view.dict().size() > 0;
            default -> true;
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static boolean equal(Budget budget, Object left, Object right) {
        budget.step();
        return switch (left) {
            case String text -> equal(budget, text, right);
            case Markup markup -> equal(budget, markup.text(), right);
            case List<?> list -> right instanceof List<?> other && equal(budget, list, other);
            case Tuple tuple -> right instanceof Tuple other && equal(budget, tuple.items(), other.items());
            case Dict dict -> right instanceof Dict other && equal(budget, dict, other);
            case Range range -> right instanceof Range other && range.identity().equals(other.identity());
            case DictView view -> right instanceof DictView other && view.equalTo(budget, other);
            case Namespace _, Generator _, Loop _, Callable _ -> isSame(left, right);
            default -> (isNumber(left) && isNumber(right)) ? order(left, right) == 0 : left.equals(right);
        };
    }

    @SuppressWarnings("ReferenceEquality") // identity is what makes these equal
    static boolean isSame(Object left, Object right) {
        return left == right;
    }

    private static boolean equal(Budget budget, String text, Object right) {
        if (!(Markup.plain(right) instanceof String other) || other.length() != text.length()) {
            return false;
        }
        budget.reads(text);
        return text.equals(other);
    }

    private static boolean equal(Budget budget, List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        budget.enter();
        Iterator<?> others = right.iterator();
        for (Object one : left) {
            Object other = others.next();
            budget.step();
            if (!isSame(one, other) && !equal(budget, one, other)) {
                budget.leave();
                return false;
            }
        }
        budget.leave();
        return true;
    }

    private static boolean equal(Budget budget, Dict left, Dict right) {
        if (left.size() != right.size()) {
            return false;
        }
        budget.enter();
        for (Dict.Entry entry : left.entries()) {
            budget.step();
            Optional<Object> other = right.find(budget, entry.key());
            if (other.isEmpty() || !(isSame(entry.value(), other.get()) || equal(budget, entry.value(), other.get()))) {
                budget.leave();
                return false;
            }
        }
        budget.leave();
        return true;
    }

    /**
     * Orders two values: below, at or above 0; {@link Integer#MIN_VALUE} where one is not a number.
     *
     * @throws Fault when Python has no order for them
     */
    static int compare(Budget budget, String operator, Object left, Object right) {
        budget.step();
        if (isNumber(left) && isNumber(right)) {
            return order(left, right);
        }
        if (Markup.plain(left) instanceof String one && Markup.plain(right) instanceof String other) {
            budget.readsCharacters(Math.min(one.length(), other.length()));
            return CodePoints.compare(one, other);
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            return compare(budget, operator, one, other);
        }
        if (left instanceof Tuple one && right instanceof Tuple other) {
            return compare(budget, operator, one.items(), other.items());
        }
        if (left instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (right instanceof Undefined undefined) {
            throw undefined.fault();
        }
        throw Fault.wrong("'" + operator + "' not supported between instances of '" + TypeName.of(left) + "' and '"
                + TypeName.of(right) + "'");
    }

    private static int compare(Budget budget, String operator, List<?> left, List<?> right) {
        budget.enter();
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            Object one = left.get(i);
            Object other = right.get(i);
            budget.step();
            if (!isSame(one, other) && !equal(budget, one, other)) {
                int order = compare(budget, operator, one, other);
                budget.leave();
                return order;
            }
        }
        budget.leave();
        return Integer.compare(left.size(), right.size());
    }

    private static int order(Object left, Object right) {
        if (left instanceof Double || right instanceof Double) {
            double one = Arithmetic.real(left);
            double other = Arithmetic.real(right);
            return Double.isNaN(one) || Double.isNaN(other)
                    ? Integer.MIN_VALUE
                    : one < other ? -1 : one == other ? 0 : 1;
        }
        return Long.compare(Arithmetic.whole(left), Arithmetic.whole(right));
    }

    static boolean holds(Budget budget, String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> equal(budget, left, right);
            case "!=" -> !equal(budget, left, right);
            case "in" -> contains(budget, right, left);
            case "notin" -> !contains(budget, right, left);
            default -> ordered(operator, compare(budget, operator, left, right));
        };
    }

    private static boolean ordered(String operator, int order) {
        if (order == Integer.MIN_VALUE) {
            return false;
        }
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static boolean contains(Budget budget, Object container, Object item) {
        if (Markup.plain(container) instanceof String text) {
            budget.reads(text);
            if (Markup.plain(item) instanceof String part) {
                return new Search(budget, part).in(text, 0) >= 0;
            }
            throw Fault.wrong("'in <string>' requires string as left operand, not " + TypeName.of(item));
        }
        if (container instanceof Dict dict) {
            return dict.has(budget, item);
        }
        if (container instanceof DictView view) {
            return view.has(budget, item);
        }
        for (Object one : Sequences.items(budget, container)) {
            if (equal(budget, one, item)) {
                return true;
            }
        }
        return false;
    }
}
