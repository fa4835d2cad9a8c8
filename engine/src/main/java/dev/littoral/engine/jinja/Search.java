package dev.littoral.engine.jinja;

/** Finds a text in others in linear time, however alike they are (Knuth, Morris and Pratt, 1977). */
final class Search {

    private static final int SHORT = 16;

    private final String part;
    private final int[] borders;

    Search(Budget budget, String part) {
        budget.reads(part);
        this.part = part;
        this.borders = part.length() <= SHORT ? new int[0] : borders(part);
    }

    private static int[] borders(String part) {
        int[] borders = new int[part.length()];
        int border = 0;
        for (int i = 1; i < part.length(); i++) {
            while (border > 0 && part.charAt(i) != part.charAt(border)) {
                border = borders[border - 1];
            }
            if (part.charAt(i) == part.charAt(border)) {
                border++;
            }
            borders[i] = border;
        }
        return borders;
    }

    /** Gives the first index at or behind one, or -1. */
    int in(String text, int from) {
        if (part.length() <= SHORT) {
            return text.indexOf(part, from);
        }
        int matched = 0;
        for (int i = from; i < text.length(); i++) {
            while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
                matched = borders[matched - 1];
            }
            if (text.charAt(i) == part.charAt(matched)) {
                matched++;
            }
            if (matched == part.length()) {
                return i - matched + 1;
            }
        }
        return -1;
    }

    /** Gives the last index in a text, or -1. */
    static int last(Budget budget, String text, String part) {
        budget.reads(text);
        if (part.length() <= SHORT) {
            return text.lastIndexOf(part);
        }
        String backwards = new StringBuilder(part).reverse().toString();
        int at = new Search(budget, backwards)
                .in(new StringBuilder(text).reverse().toString(), 0);
        return at < 0 ? -1 : text.length() - at - part.length();
    }
}
