package dev.littoral.engine.json;

/**
 * Where in a JSON object an answer is, as a {@code long}: from the least bit six bits for the place in the grammar, six for
 * a counter there, and the kinds of all open containers as a stack of bits below a leading one. States are values: to go
 * back from what was drawn, checked and thrown away costs nothing.
 */
@SuppressWarnings("EnumOrdinal") // the numbers of places do not leave this class
final class JsonState {

    /** No byte leads here in a JSON object. */
    static final long DEAD = -1;

    /** What follows depends on a container that the state does not tell. */
    static final long UNKNOWN = -2;

    /** Most objects and arrays that are open at once. */
    static final int MOST_LEVELS = 48;

    /** Is added to count one more. */
    static final long ONE_MORE = 1L << 6;

    private static final int PLACE_BITS = 6;
    private static final int STACK_SHIFT = 12;
    private static final long COUNTER = (ONE_MORE - 1) << PLACE_BITS;
    private static final long PLACE = ONE_MORE - 1;
    private static final long EMPTY = 1;
    private static final Place[] PLACES = Place.values();

    /** Where in the grammar. */
    enum Place {
        START,
        FIRST_KEY,
        NEXT_KEY,
        COLON,
        FIRST_VALUE,
        VALUE,
        AFTER_VALUE,
        CLOSED,
        /** The counter tells the letter that comes next. */
        LITERAL,
        MINUS,
        ZERO,
        WHOLE,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGITS,
        /** Here, and in all that follows, the counter is 1 in a key and 0 in a value. */
        STRING,
        ESCAPE,
        HEX_1,
        HEX_2,
        HEX_2_AFTER_D,
        HEX_3,
        HEX_4,
        HIGH_HEX_3,
        HIGH_HEX_4,
        LOW_BACKSLASH,
        LOW_U,
        LOW_HEX_1,
        LOW_HEX_2,
        MORE_1,
        MORE_2,
        MORE_3,
        AFTER_E0,
        AFTER_ED,
        AFTER_F0,
        AFTER_F4
    }

    private JsonState() {}

    /** Gives the state before the first byte. */
    static long start() {
        return state(Place.START, EMPTY);
    }

    /** Says whether the object is closed. */
    static boolean closed(long state) {
        return place(state) == Place.CLOSED;
    }

    /** Counts the containers that are open. */
    static int levels(long state) {
        return 63 - Long.numberOfLeadingZeros(state >>> STACK_SHIFT);
    }

    /** Gives the kind of the innermost container, which {@link #push} was told. */
    static int innermost(long state) {
        return (int) ((state >>> STACK_SHIFT) & 1);
    }

    /** Gives the same place in a container that is not told; below it, {@link JsonGrammar#next} may give {@link #UNKNOWN}. */
    static long alone(long state) {
        return (EMPTY << STACK_SHIFT) | (state & (PLACE | COUNTER));
    }

    /** Gives the place behind a value in a container that is not told. */
    static long aloneAfterValue() {
        return state(Place.AFTER_VALUE, EMPTY);
    }

    /** Opens a container and goes to a place in it. */
    static long push(long state, int kind, Place place) {
        return levels(state) == MOST_LEVELS ? DEAD : state(place, ((state >>> STACK_SHIFT) << 1) | kind);
    }

    /** Goes behind the container that is closed. */
    static long pop(long state) {
        long stack = state >>> STACK_SHIFT;
        if (stack == EMPTY) {
            return UNKNOWN;
        }
        return state(stack >>> 1 == EMPTY ? Place.CLOSED : Place.AFTER_VALUE, stack >>> 1);
    }

    /** Goes to a place and counts anew. */
    static long to(Place place, long state) {
        return state(place, state >>> STACK_SHIFT);
    }

    /** Goes to a place in the same string. */
    static long in(Place place, long state) {
        return (state & ~PLACE) | place.ordinal();
    }

    private static long state(Place place, long stack) {
        return (stack << STACK_SHIFT) | place.ordinal();
    }

    /** Gives the place. */
    static Place place(long state) {
        return PLACES[(int) (state & PLACE)];
    }

    /** Gives what was counted there. */
    static int count(long state) {
        return (int) ((state & COUNTER) >>> PLACE_BITS);
    }
}
