package dev.littoral.engine.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads and rounds numbers as Python does. */
final class Numbers {

    private static final Pattern REAL = Pattern.compile(
            "[-+]?(?:\\d+(?:_\\d+)*+(?:\\.(?:\\d+(?:_\\d+)*+)?+)?+|\\.\\d+(?:_\\d+)*+)(?:[eE][-+]?\\d+(?:_\\d+)*+)?+");
    private static final Pattern NAMED = Pattern.compile("[-+]?(?:inf|infinity|nan)");
    private static final int MOST_DIGITS = 400;

    private Numbers() {}

    static boolean isDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** A part of a path: a number where it has digits only. */
    static Object key(String part) {
        return isDigits(part) && part.length() < 10 ? Long.valueOf(part) : part;
    }

    /** Cuts the fraction off. */
    static long whole(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw Fault.wrong("cannot convert float " + Printing.real(number) + " to integer");
        }
        if (Math.abs(number) >= 0x1p63) {
            throw Fault.wrong("a whole number has more than 64 bits");
        }
        return (long) number;
    }

    static Optional<Double> real(Budget budget, String text) {
        String bare = TextMethods.strip(budget, text, "strip", CodePoints::isBlank);
        if (bare.length() > MOST_DIGITS) {
            return Optional.empty();
        }
        String small = bare.toLowerCase(Locale.ROOT);
        if (NAMED.matcher(small).matches()) {
            double value = small.endsWith("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
            return Optional.of(small.startsWith("-") ? -value : value);
        }
        return REAL.matcher(bare).matches() ? Optional.of(Double.valueOf(bare.replace("_", ""))) : Optional.empty();
    }

    /** Reads a whole number in a base; base 0 is told by the prefix. */
    static Optional<Long> whole(Budget budget, String text, long base) {
        if (base != 0 && (base < 2 || base > 36)) {
            throw Fault.wrong("int() base must be >= 2 and <= 36, or 0");
        }
        String bare = TextMethods.strip(budget, text, "strip", CodePoints::isBlank);
        boolean negative = bare.startsWith("-");
        String digits = negative || bare.startsWith("+") ? bare.substring(1) : bare;
        String small = digits.substring(0, Math.min(2, digits.length())).toLowerCase(Locale.ROOT);
        int prefixed = small.startsWith("0x") ? 16 : small.startsWith("0o") ? 8 : small.startsWith("0b") ? 2 : 0;
        if (prefixed != 0 && (base == 0 || base == prefixed)) {
            digits = digits.substring(2).startsWith("_") ? digits.substring(3) : digits.substring(2);
        } else if (base == 0
                && digits.length() > 1
                && digits.startsWith("0")
                && !digits.replace("0", "").replace("_", "").isEmpty()) {
            return Optional.empty();
        }
        int radix = base != 0 ? (int) base : prefixed == 0 ? 10 : prefixed;
        if (!isWhole(digits, radix)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.valueOf((negative ? "-" : "") + digits.replace("_", ""), radix));
        } catch (NumberFormatException e) {
            throw Fault.wrong("a whole number has more than 64 bits");
        }
    }

    private static boolean isWhole(String digits, int radix) {
        return !digits.isEmpty()
                && !digits.startsWith("_")
                && !digits.endsWith("_")
                && !digits.contains("__")
                && digits.chars().allMatch(c -> c == '_' || Character.digit(c, radix) >= 0);
    }

    /** Rounds to even, as {@code round}; a negative count of digits rounds before the point. */
    static double rounded(double number, long digits) {
        if (Double.isNaN(number) || Double.isInfinite(number) || digits > 323) {
            return number;
        }
        if (digits < -308) {
            return Math.copySign(0, number);
        }
        BigDecimal rounded = new BigDecimal(number).setScale((int) digits, RoundingMode.HALF_EVEN);
        double value = rounded.doubleValue();
        if (Double.isInfinite(value)) {
            throw Fault.wrong("rounded value too large to represent");
        }
        return value == 0 ? Math.copySign(0, number) : value;
    }

    static long rounded(long number, long digits) {
        if (digits >= 0) {
            return number;
        }
        if (digits < -19) {
            return 0;
        }
        try {
            return new BigDecimal(number)
                    .setScale((int) digits, RoundingMode.HALF_EVEN)
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw Fault.wrong("a whole number has more than 64 bits");
        }
    }
}
