package dev.littoral.engine.jinja;

/** Gathers text that may not become too long. */
final class Sink {

    private final Budget budget;
    private final StringBuilder text = new StringBuilder();

    Sink(Budget budget) {
        this.budget = budget;
    }

    Sink append(String part) {
        if (text.length() + (long) part.length() > Budget.MOST_CHARACTERS) {
            throw Fault.bound("makes a text longer than " + Budget.MOST_CHARACTERS + " characters");
        }
        budget.text(part.length());
        text.append(part);
        return this;
    }

    Sink append(char part) {
        return append(String.valueOf(part));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
