package dev.littoral.engine.jinja;

/** Gathers text that may not become too long. */
final class Sink {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final Budget budget;
    private final StringBuilder text = new StringBuilder();

    Sink(Budget budget) {
        this.budget = budget;
        budget.text(0);
    }

    Sink append(String part) {
        return append(part, 0, part.length());
    }

    /** Appends a part of a text, from one index of Java's to before another. */
    Sink append(String part, int from, int to) {
        budget.appends(text.length(), to - (long) from);
        text.append(part, from, to);
        return this;
    }

    Sink append(char part) {
        budget.appends(text.length(), 1);
        text.append(part);
        return this;
    }

    Sink appendCodePoint(int part) {
        budget.appends(text.length(), Character.charCount(part));
        text.appendCodePoint(part);
        return this;
    }

    /** Appends a text so many times; the count is not below 0. */
    Sink repeat(String part, long count) {
        if (count > Budget.MOST_CHARACTERS) {
            budget.text(count);
        }
        budget.appends(text.length(), part.length() * count);
        text.repeat(part, (int) count);
        return this;
    }

    /** Appends a number in hexadecimal digits, with zeros in front. */
    Sink hex(int number, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            append(HEX[(number >>> shift) & 15]);
        }
        return this;
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
