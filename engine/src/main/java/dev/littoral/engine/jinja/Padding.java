package dev.littoral.engine.jinja;

/** Makes texts as wide as they should be. */
final class Padding {

    private Padding() {}

    static String of(String text, String method, Arguments given) {
        Arguments arguments = given.taking("/width", "/fillchar");
        arguments.need("/width");
        long width = arguments.whole("/width", 0);
        if (method.equals("zfill")) {
            return zeros(given.taking("/width").budget(), text, width);
        }
        String fill = arguments
                .find("/fillchar")
                .map(one -> arguments.text("/fillchar", one))
                .orElse(" ");
        if (CodePoints.length(fill) != 1) {
            throw Fault.wrong("the fill character must be exactly one character long");
        }
        return switch (method) {
            case "ljust" -> padded(given.budget(), text, width, fill, Side.BEHIND);
            case "rjust" -> padded(given.budget(), text, width, fill, Side.BEFORE);
            default -> padded(given.budget(), text, width, fill, Side.BOTH);
        };
    }

    /** Where the padding goes. */
    enum Side {
        BEFORE,
        BEHIND,
        BOTH
    }

    static String padded(Budget budget, String text, long width, String fill, Side side) {
        budget.reads(text);
        long missing = Math.max(0, width) - CodePoints.length(text);
        if (missing <= 0) {
            return text;
        }
        budget.text(missing);
        budget.text(missing * fill.length() + text.length());
        long before = switch (side) {
            case BEFORE -> missing;
            case BEHIND -> 0;
            // the odd one goes where CPython puts it
            case BOTH -> missing / 2 + (missing & width & 1);
        };
        return fill.repeat((int) before) + text + fill.repeat((int) (missing - before));
    }

    private static String zeros(Budget budget, String text, long width) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String digits = signed ? text.substring(1) : text;
        String padded = padded(budget, digits, signed ? Math.max(0, width) - 1 : width, "0", Side.BEFORE);
        return signed ? text.charAt(0) + padded : padded;
    }
}
