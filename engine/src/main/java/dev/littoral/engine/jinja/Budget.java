package dev.littoral.engine.jinja;

import java.time.Duration;
import java.util.List;

/** Counts what a rendering costs and ends it at the first bound; one per rendering, for one thread. */
final class Budget {

    /** Most characters of a text, and of the output. */
    static final int MOST_CHARACTERS = 16 << 20;

    /** Most items of a list, and most entries of a dictionary. */
    static final int MOST_ITEMS = 100_000;

    private static final long MOST_STEPS = 200_000_000;

    /** Characters, and sixteen for each item, of everything made, whether it is still needed or not. */
    private static final long MOST_MADE = 256L << 20;

    private static final int MOST_CALLS = 100;
    private static final int CHARACTERS_PER_ITEM = 16;
    private static final int STEPS_BETWEEN_CLOCKS = 256;
    private static final int CHARACTERS_PER_STEP = 64;

    private final Duration maxTime;
    private final long startNanos;
    private long steps;
    private long stepsAtClock;
    private long made;
    private int calls;

    Budget(Duration maxTime) {
        this.maxTime = maxTime;
        this.startNanos = System.nanoTime();
    }

    /** Counts the evaluation of a node, or one pass of a loop. */
    void step() {
        steps(1);
    }

    private void steps(long count) {
        steps += count;
        if (steps - stepsAtClock >= STEPS_BETWEEN_CLOCKS) {
            stepsAtClock = steps;
            if (System.nanoTime() - startNanos > maxTime.toNanos()) {
                throw Fault.bound("takes longer than " + maxTime.toMillis() + " ms");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw Fault.bound("was interrupted");
            }
            if (steps > MOST_STEPS) {
                throw Fault.bound("takes more than " + MOST_STEPS + " steps");
            }
        }
    }

    /** Counts what an operation reads. */
    void reads(Object value) {
        if (value instanceof CharSequence text) {
            steps(text.length() / CHARACTERS_PER_STEP);
        } else if (value instanceof List<?> list) {
            steps(list.size());
        }
    }

    /** Counts a text before it is made. */
    void text(long characters) {
        if (characters > MOST_CHARACTERS) {
            throw Fault.bound("makes a text longer than " + MOST_CHARACTERS + " characters");
        }
        makes(characters);
    }

    /** Counts a list or dictionary before, or while, it is made. */
    void items(long count) {
        if (count > MOST_ITEMS) {
            throw Fault.bound("makes a list longer than " + MOST_ITEMS + " items");
        }
        makes(count * CHARACTERS_PER_ITEM);
    }

    private void makes(long characters) {
        made += characters;
        if (made > MOST_MADE) {
            throw Fault.bound("makes more than " + MOST_MADE + " characters in all");
        }
        steps(characters / CHARACTERS_PER_STEP);
    }

    void enterCall() {
        if (++calls > MOST_CALLS) {
            throw Fault.bound("calls macros deeper than " + MOST_CALLS);
        }
    }

    void leaveCall() {
        calls--;
    }
}
