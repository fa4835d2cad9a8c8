package dev.littoral.engine.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Iterator;
import java.util.List;

/** Python's {@code str} and {@code repr}. */
final class Printing {

    private Printing() {}

    static String str(Budget budget, Object value) {
        budget.reads(value);
        return switch (value) {
            case String text -> text;
            case Markup markup -> markup.text();
            case Undefined _ -> "";
            default -> repr(budget, value);
        };
    }

    static String repr(Budget budget, Object value) {
        Sink sink = new Sink(budget);
        repr(budget, sink, value);
        return sink.toString();
    }

    private static void repr(Budget budget, Sink sink, Object value) {
        budget.step();
        budget.enter();
        write(budget, sink, value);
        budget.leave();
    }

    private static void write(Budget budget, Sink sink, Object value) {
        switch (value) {
            case None _ -> sink.append("None");
            case Undefined _ -> sink.append("Undefined");
            case Boolean truth -> sink.append(truth ? "True" : "False");
            case Long number -> sink.append(number.toString());
            case Double number -> sink.append(real(number));
            case String text -> quoted(sink, text);
            case Markup markup -> {
                sink.append("Markup(");
                quoted(sink, markup.text());
                sink.append(")");
            }
            case List<?> list -> items(budget, sink, "[", list, "]");
            case Tuple tuple ->
                items(budget, sink, "(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
            case Dict dict -> entries(budget, sink, dict);
            case DictView view -> items(budget, sink, view.typeName() + "([", view.items(budget), "])");
            case Range range ->
                sink.append("range(" + range.start() + ", " + range.stop()
                        + (range.step() == 1 ? "" : ", " + range.step()) + ")");
            case Namespace namespace -> {
                budget.entries(namespace.attributes().size());
                Dict attributes = new Dict();
                namespace.attributes().forEach((name, one) -> attributes.put(budget, name, one));
                sink.append("<Namespace ");
                entries(budget, sink, attributes);
                sink.append(">");
            }
            case Loop loop -> sink.append("<LoopContext " + (loop.index0() + 1) + "/" + loop.length() + ">");
            case Macro macro -> sink.append("<Macro '" + macro.name() + "'>");
            default -> throw Fault.wrong("a " + TypeName.of(value) + " is printed, which tells of memory in Python");
        }
    }

    private static void items(Budget budget, Sink sink, String opening, List<?> items, String closing) {
        sink.append(opening);
        Iterator<?> rest = items.iterator();
        while (rest.hasNext()) {
            repr(budget, sink, rest.next());
            sink.append(rest.hasNext() ? ", " : "");
        }
        sink.append(closing);
    }

    private static void entries(Budget budget, Sink sink, Dict dict) {
        sink.append("{");
        Iterator<Dict.Entry> rest = dict.entries().iterator();
        while (rest.hasNext()) {
            Dict.Entry entry = rest.next();
            repr(budget, sink, entry.key());
            sink.append(": ");
            repr(budget, sink, entry.value());
            sink.append(rest.hasNext() ? ", " : "");
        }
        sink.append("}");
    }

    private static void quoted(Sink sink, String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        sink.append(quote);
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            switch (c) {
                case '\n' -> sink.append("\\n");
                case '\r' -> sink.append("\\r");
                case '\t' -> sink.append("\\t");
                case '\\' -> sink.append("\\\\");
                default -> {
                    if (c == quote) {
                        sink.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        sink.appendCodePoint(c);
                    } else if (c < 0x100) {
                        sink.append("\\x").hex(c, 2);
                    } else if (c < 0x10000) {
                        sink.append("\\u").hex(c, 4);
                    } else {
                        sink.append("\\U").hex(c, 8);
                    }
                }
            }
        }
        sink.append(quote);
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /** Java gives two digits where one is enough. */
    private static BigDecimal shortest(double number) {
        BigDecimal digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        BigDecimal one = digits.round(new MathContext(1));
        return one.doubleValue() == number ? one : digits;
    }

    /** The shortest digits that give the number back, with an exponent below 1e-4 and from 1e16 on. */
    static String real(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = shortest(number);
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = digits.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String mantissa = digits.movePointLeft(exponent).toPlainString();
        return mantissa + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
