package dev.littoral.engine.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a value is written: Python's format specification without exponents and locales. */
record FormatSpec(
        String fill,
        Optional<String> align,
        String sign,
        boolean prefixed,
        boolean zeros,
        long width,
        String grouping,
        Optional<Integer> precision,
        String type) {

    private static final Pattern FORM = Pattern.compile(
            "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,6}))?([a-zA-Z%])?", Pattern.DOTALL);

    private static final int MOST_DIGITS = 1000;

    /** @throws Fault when it is none, or not known here */
    static FormatSpec of(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw Fault.wrong("the format '" + text + "' is not known here");
        }
        String fill = parts.group(1);
        String sign = parts.group(3);
        String width = parts.group(6);
        String grouping = parts.group(7);
        String type = parts.group(9);
        return new FormatSpec(
                fill == null ? " " : fill,
                Optional.ofNullable(parts.group(2)),
                sign == null ? "-" : sign,
                parts.group(4) != null,
                parts.group(5) != null,
                width == null ? 0 : Long.parseLong(width),
                grouping == null ? "" : grouping,
                Optional.ofNullable(parts.group(8)).map(Integer::valueOf),
                type == null ? "" : type);
    }

    String format(Budget budget, Object value) {
        budget.reads(value);
        return switch (value) {
            case String text -> text(budget, text);
            case Markup markup -> text(budget, markup.text());
            case Long _, Boolean _ -> number(budget, whole(Arithmetic.whole(value)));
            case Double number -> number(budget, real(number));
            default -> throw Fault.wrong("a " + TypeName.of(value) + " takes no format here");
        };
    }

    private String text(Budget budget, String text) {
        boolean numeric = align.filter("="::equals).isPresent() || prefixed || !sign.equals("-") || !grouping.isEmpty();
        if ((!type.isEmpty() && !type.equals("s")) || numeric) {
            throw Fault.wrong("a text does not take this format");
        }
        int length = CodePoints.length(text);
        String cut = precision.isPresent() && precision.get() < length
                ? CodePoints.part(budget, text, 0, precision.get())
                : text;
        return padded(budget, cut, zeros ? "0" : fill, align.orElse("<"));
    }

    private static String padded(Budget budget, String text, long width, String fill, Padding.Side side) {
        return Padding.padded(budget, text, width, fill, side);
    }

    private String padded(Budget budget, String text, String with, String to) {
        if (to.equals("^")) {
            long missing = Math.max(0, width - CodePoints.length(text));
            String left = padded(budget, text, CodePoints.length(text) + missing / 2, with, Padding.Side.BEFORE);
            return padded(budget, left, width, with, Padding.Side.BEHIND);
        }
        return padded(budget, text, width, with, to.equals("<") ? Padding.Side.BEHIND : Padding.Side.BEFORE);
    }

    /** Digits without their sign, and whether they are negative. */
    private record Digits(String text, boolean negative, String prefix) {}

    private Digits whole(long number) {
        if (precision.isPresent() && "dxXob".contains(type)) {
            throw Fault.wrong("Precision not allowed in integer format specifier");
        }
        boolean negative = number < 0;
        return switch (type) {
            case "", "d" -> new Digits(grouped(Long.toString(number).replace("-", "")), negative, "");
            case "x" -> new Digits(Long.toString(number, 16).replace("-", ""), negative, prefixed ? "0x" : "");
            case "X" ->
                new Digits(
                        Long.toString(number, 16).replace("-", "").toUpperCase(Locale.ROOT),
                        negative,
                        prefixed ? "0X" : "");
            case "o" -> new Digits(Long.toString(number, 8).replace("-", ""), negative, prefixed ? "0o" : "");
            case "b" -> new Digits(Long.toString(number, 2).replace("-", ""), negative, prefixed ? "0b" : "");
            default -> real((double) number);
        };
    }

    private Digits real(double number) {
        boolean negative = number < 0 || (number == 0 && 1 / number < 0);
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return named(number, negative);
        }
        return switch (type) {
            case "f", "F" -> new Digits(grouped(fixed(Math.abs(number), precision.orElse(6))), negative, "");
            case "%" -> {
                double hundreds = Math.abs(number) * 100;
                yield Double.isInfinite(hundreds)
                        ? named(hundreds, negative)
                        : new Digits(grouped(fixed(hundreds, precision.orElse(6))) + "%", negative, "");
            }
            case "" -> {
                if (precision.isPresent()) {
                    throw Fault.wrong("a precision without f is not known here");
                }
                yield new Digits(grouped(Printing.real(Math.abs(number))), negative, "");
            }
            default -> throw Fault.wrong("the format '" + type + "' is not known here");
        };
    }

    private Digits named(double number, boolean negative) {
        String name = Double.isNaN(number) ? "nan" : "inf";
        return switch (type) {
            case "F" -> new Digits(name.toUpperCase(Locale.ROOT), negative, "");
            case "%" -> new Digits(name + "%", negative, "");
            case "", "f" -> new Digits(name, negative, "");
            default -> throw Fault.wrong("the format '" + type + "' is not known here");
        };
    }

    static String fixed(double number, long digits) {
        if (digits > MOST_DIGITS) {
            throw Fault.bound("asks for more than " + MOST_DIGITS + " digits");
        }
        return new BigDecimal(number)
                .setScale((int) digits, RoundingMode.HALF_EVEN)
                .toPlainString();
    }

    private String grouped(String digits) {
        if (grouping.isEmpty()) {
            return digits;
        }
        int end = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
        StringBuilder grouped = new StringBuilder(digits);
        for (int at = end - 3; at > 0; at -= 3) {
            grouped.insert(at, grouping);
        }
        return grouped.toString();
    }

    private String number(Budget budget, Digits digits) {
        String signed = (digits.negative() ? "-" : sign.equals("-") ? "" : sign) + digits.prefix();
        boolean filled = zeros && align.isEmpty();
        if (filled && !grouping.isEmpty()) {
            throw Fault.wrong("zeros with groups are not known here");
        }
        if (filled || align.filter("="::equals).isPresent()) {
            String with = filled ? "0" : fill;
            return signed + padded(budget, digits.text(), width - signed.length(), with, Padding.Side.BEFORE);
        }
        return padded(budget, signed + digits.text(), zeros ? "0" : fill, align.orElse(">"));
    }
}
