package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's operators on numbers, texts and lists; whole numbers have 64 bits, beyond which they are refused. */
final class Arithmetic {

    private Arithmetic() {}

    static double real(Object number) {
        return number instanceof Double real ? real : whole(number);
    }

    static long whole(Object number) {
        return number instanceof Boolean truth ? (truth ? 1 : 0) : (Long) number;
    }

    static Object apply(Budget budget, String operator, Object left, Object right) {
        if (left instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (operator.equals("%") && Markup.plain(left) instanceof String format) {
            if (left instanceof Markup && format.indexOf('%') >= 0) {
                throw Fault.wrong("% on a text that is marked safe is not known here");
            }
            String text = new PercentFormat(budget, format, right).format();
            return left instanceof Markup ? new Markup(text) : text;
        }
        if (right instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (Compare.isNumber(left) && Compare.isNumber(right)) {
            return numbers(operator, left, right);
        }
        if (operator.equals("+")) {
            return sum(budget, left, right);
        }
        if (operator.equals("*")) {
            if (left instanceof Long || left instanceof Boolean) {
                return repeated(budget, right, whole(left), left);
            }
            if (right instanceof Long || right instanceof Boolean) {
                return repeated(budget, left, whole(right), right);
            }
        }
        throw unsupported(operator, left, right);
    }

    private static Fault unsupported(String operator, Object left, Object right) {
        return Fault.wrong("unsupported operand type(s) for " + operator + ": '" + TypeName.of(left) + "' and '"
                + TypeName.of(right) + "'");
    }

    private static Object sum(Budget budget, Object left, Object right) {
        if (Markup.plain(left) instanceof String one && Markup.plain(right) instanceof String other) {
            if (left instanceof Markup || right instanceof Markup) {
                Sink sink = new Sink(budget);
                marked(sink, left, one);
                marked(sink, right, other);
                return new Markup(sink.toString());
            }
            budget.text(one.length() + (long) other.length());
            return one + other;
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            return joined(budget, one, other);
        }
        if (left instanceof Tuple one && right instanceof Tuple other) {
            return new Tuple(joined(budget, one.items(), other.items()));
        }
        throw unsupported("+", left, right);
    }

    private static void marked(Sink sink, Object value, String text) {
        if (value instanceof Markup) {
            sink.append(text);
        } else {
            Markup.escape(sink, text);
        }
    }

    private static List<Object> joined(Budget budget, List<?> one, List<?> other) {
        budget.items(one.size() + (long) other.size());
        List<Object> joined = new ArrayList<>(one.size() + other.size());
        joined.addAll(one);
        joined.addAll(other);
        return joined;
    }

    private static Object repeated(Budget budget, Object value, long times, Object by) {
        int count = (int) Math.clamp(times, 0, Budget.MOST_CHARACTERS + 1L);
        return switch (value) {
            case String text -> repeated(budget, text, count);
            case Markup markup -> new Markup(repeated(budget, markup.text(), count));
            case List<?> list -> repeated(budget, list, count);
            case Tuple tuple -> new Tuple(repeated(budget, tuple.items(), count));
            default -> throw unsupported("*", value, by);
        };
    }

    private static String repeated(Budget budget, String text, int count) {
        budget.text((long) text.length() * count);
        return text.repeat(count);
    }

    private static List<Object> repeated(Budget budget, List<?> list, int count) {
        budget.items((long) list.size() * count);
        List<Object> all = new ArrayList<>(list.size() * count);
        for (int i = 0; i < count && !list.isEmpty(); i++) {
            all.addAll(Collections.unmodifiableList(list));
        }
        return all;
    }

    private static Object numbers(String operator, Object left, Object right) {
        try {
            return left instanceof Double || right instanceof Double
                    ? (Object) reals(operator, real(left), real(right))
                    : wholes(operator, whole(left), whole(right));
        } catch (ArithmeticException e) {
            throw Fault.wrong("a whole number has more than 64 bits");
        }
    }

    private static Object wholes(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "/" -> reals("/", (double) left, (double) right);
            case "//" -> Math.floorDivExact(left, nonZero(right));
            case "%" -> Math.floorMod(left, nonZero(right));
            case "**" -> right < 0 ? (Object) reals("**", (double) left, (double) right) : power(left, right);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw Fault.wrong("division by zero");
        }
        return divisor;
    }

    private static long power(long base, long exponent) {
        if (base == 1 || base == 0 || base == -1) {
            return exponent == 0 ? 1 : base == -1 && exponent % 2 == 0 ? 1 : base;
        }
        long power = 1;
        for (long i = 0; i < exponent; i++) {
            power = Math.multiplyExact(power, base);
        }
        return power;
    }

    private static double reals(String operator, double left, double right) {
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw Fault.wrong("division by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor((left - modulo(left, right)) / right + 0.25);
            case "%" -> modulo(left, right);
            case "**" -> power(left, right);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static double modulo(double left, double right) {
        double rest = left % right;
        return rest != 0 ? ((rest < 0) == (right < 0) ? rest : rest + right) : Math.copySign(0, right);
    }

    private static double power(double base, double exponent) {
        if (base == 0 && exponent < 0) {
            throw Fault.wrong("0.0 cannot be raised to a negative power");
        }
        double power = Math.pow(base, exponent);
        if (Double.isNaN(power)
                || (Double.isInfinite(power) && !Double.isInfinite(base) && !Double.isInfinite(exponent))) {
            throw Fault.wrong("the power is no number that there is");
        }
        return power;
    }

    static Object signed(String operator, Object value) {
        return switch (value) {
            case Undefined undefined -> throw undefined.fault();
            case Double number -> operator.equals("-") ? -number : number;
            case Long _, Boolean _ -> operator.equals("-") ? numbers("-", 0L, value) : (Object) whole(value);
            default -> throw Fault.wrong("bad operand type for unary " + operator + ": '" + TypeName.of(value) + "'");
        };
    }
}
