package dev.littoral.engine.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code format % values}, without exponents. */
final class PercentFormat {

    private static final Pattern FORM = Pattern.compile(
            "%(?:\\(([^()]*)\\))?([-+ #0]*)(\\*|\\d{1,9})?(\\.(\\*|\\d{1,6})?)?[hlL]?(.)", Pattern.DOTALL);

    private final Budget budget;
    private final String format;
    private final Object values;
    private int taken;
    private boolean byName;

    PercentFormat(Budget budget, String format, Object values) {
        this.budget = budget;
        this.format = format;
        this.values = values;
    }

    /** @throws Fault when format and values do not fit */
    String format() {
        Sink sink = new Sink(budget);
        Matcher parts = FORM.matcher(format);
        int from = 0;
        for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', from)) {
            budget.step();
            sink.append(format, from, at);
            if (!parts.region(at, format.length()).lookingAt()) {
                throw Fault.wrong("incomplete format");
            }
            sink.append(one(parts));
            from = parts.end();
        }
        sink.append(format, from, format.length());
        boolean rest = values instanceof Tuple tuple
                ? taken < tuple.items().size()
                : taken == 0 && !(values instanceof Dict || values instanceof List<?> || values instanceof Undefined);
        if (rest && !byName) {
            throw Fault.wrong("not all arguments converted during string formatting");
        }
        return sink.toString();
    }

    private String one(Matcher parts) {
        String type = parts.group(6);
        if (type.equals("%")) {
            return "%";
        }
        Optional<Object> named = Optional.ofNullable(parts.group(1)).map(this::named);
        String flags = parts.group(2);
        long width = number(parts.group(3), 0);
        boolean left = flags.contains("-") || width < 0;
        long precision = parts.group(4) == null ? -1 : Math.max(0, number(parts.group(5), 0));
        Object value = named.orElseGet(this::next);
        String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        String digits = digits(type, value, precision, flags.contains("#"));
        boolean numeric = !"sracSRAC".contains(type);
        String whole = numeric && !digits.startsWith("-") ? sign + digits : digits;
        long wide = Math.abs(width);
        if (left) {
            return Padding.padded(budget, whole, wide, " ", Padding.Side.BEHIND);
        }
        if (numeric && flags.contains("0")) {
            int behind = signs(whole);
            return whole.substring(0, behind)
                    + Padding.padded(budget, whole.substring(behind), wide - behind, "0", Padding.Side.BEFORE);
        }
        return Padding.padded(budget, whole, wide, " ", Padding.Side.BEFORE);
    }

    private static int signs(String number) {
        int at = !number.isEmpty() && "+- ".indexOf(number.charAt(0)) >= 0 ? 1 : 0;
        return number.startsWith("0x", at) || number.startsWith("0X", at) || number.startsWith("0o", at) ? at + 2 : at;
    }

    private long number(@Nullable String digits, long other) {
        if (digits == null) {
            return other;
        }
        if (!digits.equals("*")) {
            return Long.parseLong(digits);
        }
        if (next() instanceof Long number) {
            if (Math.abs(Math.max(number, -Long.MAX_VALUE)) > Budget.MOST_CHARACTERS) {
                throw Fault.bound("makes a text longer than " + Budget.MOST_CHARACTERS + " characters");
            }
            return number;
        }
        throw Fault.wrong("* wants int");
    }

    private Object named(String name) {
        byName = true;
        if (values instanceof Dict dict) {
            return dict.find(budget, name)
                    .orElseThrow(() -> Fault.wrong("the format names '" + name + "', which is not given"));
        }
        throw Fault.wrong("format requires a mapping");
    }

    private Object next() {
        if (values instanceof Tuple tuple) {
            if (taken < tuple.items().size()) {
                return tuple.items().get(taken++);
            }
        } else if (taken == 0) {
            taken++;
            return values;
        }
        throw Fault.wrong("not enough arguments for format string");
    }

    private String digits(String type, Object value, long precision, boolean prefixed) {
        return switch (type) {
            case "s" -> cut(Printing.str(budget, value), precision);
            case "r" -> cut(Printing.repr(budget, value), precision);
            case "d", "i", "u" -> whole(type, value, 10, precision, "");
            case "x" -> whole(type, value, 16, precision, prefixed ? "0x" : "");
            case "X" -> whole(type, value, 16, precision, prefixed ? "0x" : "").toUpperCase(Locale.ROOT);
            case "o" -> whole(type, value, 8, precision, prefixed ? "0o" : "");
            case "f", "F" -> real(value, precision < 0 ? 6 : precision);
            case "c" -> character(value);
            default -> throw Fault.wrong("the format character '" + type + "' is not known here");
        };
    }

    private String cut(String text, long precision) {
        return precision < 0 || precision >= CodePoints.length(text)
                ? text
                : CodePoints.part(budget, text, 0, (int) precision);
    }

    private String whole(String type, Object value, int radix, long precision, String prefix) {
        if (!Compare.isNumber(value) || (value instanceof Double && radix != 10)) {
            throw Fault.wrong("%" + type + " format: a number is required, not " + TypeName.of(value));
        }
        long number = value instanceof Double real ? Numbers.whole(real) : Arithmetic.whole(value);
        String digits = Long.toString(number, radix);
        boolean negative = digits.startsWith("-");
        String bare =
                Padding.padded(budget, negative ? digits.substring(1) : digits, precision, "0", Padding.Side.BEFORE);
        return (negative ? "-" : "") + prefix + bare;
    }

    private static String real(Object value, long precision) {
        if (!Compare.isNumber(value)) {
            throw Fault.wrong("must be real number, not " + TypeName.of(value));
        }
        double number = Arithmetic.real(value);
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Printing.real(number);
        }
        String fixed = FormatSpec.fixed(Math.abs(number), precision);
        return number < 0 || (number == 0 && 1 / number < 0) ? "-" + fixed : fixed;
    }

    private static String character(Object value) {
        if (value instanceof String text && CodePoints.length(text) == 1) {
            return text;
        }
        if (value instanceof Long code && code >= 0 && code <= Character.MAX_CODE_POINT) {
            return Character.toString(code.intValue());
        }
        throw Fault.wrong("%c requires int or char");
    }
}
