package dev.littoral.engine.jinja;

import java.time.Duration;
import java.util.List;

/**
 * Counts what a rendering costs and ends it at the first bound; one per rendering, for one thread. All that a rendering
 * makes fits a heap of 128 MiB of which others use the half, even when nothing of it becomes free again.
 */
final class Budget {

    /** Most characters of a text, and of the output; a tokenizer takes half as many. */
    static final int MOST_CHARACTERS = 2 << 20;

    /** Most items of a list, and most entries of a dictionary. */
    static final int MOST_ITEMS = 100_000;

    private static final long MOST_STEPS = 200_000_000;

    /** Bytes of everything made, whether it is still needed or not. */
    private static final long MOST_BYTES = 32L << 20;

    private static final int MOST_CALLS = 100;

    /** Levels of expressions, statements and values within each other, each of which takes some of the stack. */
    private static final int MOST_DEPTH = 400;

    private static final int BYTES_PER_TEXT = 48;
    private static final int BYTES_PER_CHARACTER = 2;
    private static final int BYTES_PER_LIST = 64;

    /** Of its reference and of a small value behind it that is not counted by itself: a number, a method. */
    private static final int BYTES_PER_ITEM = 64;

    private static final int BYTES_PER_ENTRY = 192;

    private static final int STEPS_BETWEEN_CLOCKS = 256;
    private static final int CHARACTERS_PER_STEP = 64;

    private final Duration maxTime;
    private final long startNanos;
    private long steps;
    private long stepsAtClock;
    private long bytes;
    private int calls;
    private int depth;

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

    /** Counts what an operation reads when it goes through a whole value, but not into its items. */
    void reads(Object value) {
        switch (value) {
            case CharSequence text -> readsCharacters(text.length());
            case Markup markup -> readsCharacters(markup.text().length());
            case List<?> list -> steps(1L + list.size());
            case Tuple tuple -> steps(1L + tuple.items().size());
            case Dict dict -> steps(1L + dict.size());
            case Range range -> steps(1L + range.length());
            default -> steps(1);
        }
    }

    /** Counts the reading of some characters. */
    void readsCharacters(long count) {
        steps(1 + count / CHARACTERS_PER_STEP);
    }

    /** Counts a text before it is made. */
    void text(long characters) {
        requireCharacters(characters);
        makes(BYTES_PER_TEXT + characters * BYTES_PER_CHARACTER);
    }

    /** Counts what is added to a text that has some characters already, before it is. */
    void appends(long before, long characters) {
        requireCharacters(before + characters);
        makes(characters * BYTES_PER_CHARACTER);
    }

    private static void requireCharacters(long count) {
        if (count < 0 || count > MOST_CHARACTERS) {
            throw Fault.bound("makes a text longer than " + MOST_CHARACTERS + " characters");
        }
    }

    /** Counts a list before it is made. */
    void items(long count) {
        requireItems(count);
        makes(BYTES_PER_LIST + count * BYTES_PER_ITEM);
    }

    /** Counts a list of texts before it is made. */
    void texts(long count, long characters) {
        items(count);
        makes(count * BYTES_PER_TEXT + characters * BYTES_PER_CHARACTER);
    }

    /** Adds an item to a list that was counted without it. */
    <T> void add(List<T> list, T item) {
        requireItems(list.size() + 1L);
        makes(BYTES_PER_ITEM);
        list.add(item);
    }

    /** Counts a dictionary, or the entries that are added to it, before they are. */
    void entries(long count) {
        requireItems(count);
        makes(BYTES_PER_LIST + count * BYTES_PER_ENTRY);
    }

    private static void requireItems(long count) {
        if (count < 0 || count > MOST_ITEMS) {
            throw Fault.bound("makes a list longer than " + MOST_ITEMS + " items");
        }
    }

    private void makes(long count) {
        bytes += count;
        if (bytes > MOST_BYTES) {
            throw Fault.bound("makes more than " + (MOST_BYTES >> 20) + " MiB in all");
        }
        readsCharacters(count / BYTES_PER_CHARACTER);
    }

    /** Goes one level deeper into what contains itself; a rendering that ends early need not come back. */
    void enter() {
        if (++depth > MOST_DEPTH) {
            throw Fault.bound("nests values, expressions and calls deeper than " + MOST_DEPTH);
        }
    }

    void leave() {
        depth--;
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
