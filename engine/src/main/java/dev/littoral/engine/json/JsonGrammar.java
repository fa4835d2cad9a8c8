package dev.littoral.engine.json;

import static dev.littoral.engine.json.JsonState.DEAD;
import static dev.littoral.engine.json.JsonState.ONE_MORE;
import static dev.littoral.engine.json.JsonState.UNKNOWN;
import static dev.littoral.engine.json.JsonState.count;
import static dev.littoral.engine.json.JsonState.in;
import static dev.littoral.engine.json.JsonState.place;
import static dev.littoral.engine.json.JsonState.pop;
import static dev.littoral.engine.json.JsonState.push;
import static dev.littoral.engine.json.JsonState.to;

import dev.littoral.engine.json.JsonState.Place;

/**
 * A pushdown automaton over the bytes of one JSON object (RFC 8259) in UTF-8, narrower than the RFC in four things, so
 * that every answer is one that every parser takes and none runs away: nesting, blanks between two tokens and digits of
 * a number are bounded, and an escaped half of a surrogate pair comes with its other half.
 */
final class JsonGrammar {

    /** Most blanks in a row. */
    static final int MOST_BLANKS = 60;

    /** Most digits before the point of a number, and most behind it. */
    static final int MOST_DIGITS = 24;

    /** Most digits of an exponent. */
    static final int MOST_EXPONENT_DIGITS = 3;

    private static final int OBJECT = 0;
    private static final int ARRAY = 1;
    private static final String LITERALS = "truefalsenull";
    private static final int TRUE = LITERALS.indexOf("true");
    private static final int FALSE = LITERALS.indexOf("false");
    private static final int NULL = LITERALS.indexOf("null");

    private JsonGrammar() {}

    /** Gives the state behind one more byte, in [0, 255], or {@link JsonState#DEAD} or {@link JsonState#UNKNOWN}. */
    static long next(long state, int b) {
        return switch (place(state)) {
            case START -> b == '{' ? push(state, OBJECT, Place.FIRST_KEY) : blank(state, b);
            case FIRST_KEY -> b == '"' ? key(state) : b == '}' ? pop(state) : blank(state, b);
            case NEXT_KEY -> b == '"' ? key(state) : blank(state, b);
            case COLON -> b == ':' ? to(Place.VALUE, state) : blank(state, b);
            case FIRST_VALUE -> b == ']' ? pop(state) : value(state, b);
            case VALUE -> value(state, b);
            case AFTER_VALUE -> afterValue(state, b);
            case CLOSED -> blank(state, b);
            case LITERAL -> literal(state, b);
            case MINUS -> whole(state, b);
            case ZERO -> fractionOrEnd(state, b);
            case WHOLE -> digit(b) ? counted(state, MOST_DIGITS) : fractionOrEnd(state, b);
            case POINT -> digit(b) ? to(Place.FRACTION, state) + ONE_MORE : DEAD;
            case FRACTION -> digit(b) ? counted(state, MOST_DIGITS) : exponentOrEnd(state, b);
            case EXPONENT -> b == '+' || b == '-' ? to(Place.EXPONENT_SIGN, state) : exponentDigit(state, b);
            case EXPONENT_SIGN -> exponentDigit(state, b);
            case EXPONENT_DIGITS -> digit(b) ? counted(state, MOST_EXPONENT_DIGITS) : afterNumber(state, b);
            case STRING -> inString(state, b);
            case ESCAPE -> escaped(state, b);
            case HEX_1 -> b == 'd' || b == 'D' ? in(Place.HEX_2_AFTER_D, state) : hex(Place.HEX_2, state, b);
            case HEX_2 -> hex(Place.HEX_3, state, b);
            case HEX_2_AFTER_D -> afterD(state, b);
            case HEX_3 -> hex(Place.HEX_4, state, b);
            case HEX_4 -> hex(Place.STRING, state, b);
            case HIGH_HEX_3 -> hex(Place.HIGH_HEX_4, state, b);
            case HIGH_HEX_4 -> hex(Place.LOW_BACKSLASH, state, b);
            case LOW_BACKSLASH -> b == '\\' ? in(Place.LOW_U, state) : DEAD;
            case LOW_U -> b == 'u' ? in(Place.LOW_HEX_1, state) : DEAD;
            case LOW_HEX_1 -> b == 'd' || b == 'D' ? in(Place.LOW_HEX_2, state) : DEAD;
            case LOW_HEX_2 -> between(b | 0x20, 'c', 'f') ? in(Place.HEX_3, state) : DEAD;
            case MORE_1 -> continued(Place.STRING, state, b, 0x80, 0xBF);
            case MORE_2 -> continued(Place.MORE_1, state, b, 0x80, 0xBF);
            case MORE_3 -> continued(Place.MORE_2, state, b, 0x80, 0xBF);
            case AFTER_E0 -> continued(Place.MORE_1, state, b, 0xA0, 0xBF); // less is a longer spelling than needed
            case AFTER_ED -> continued(Place.MORE_1, state, b, 0x80, 0x9F); // more is a surrogate
            case AFTER_F0 -> continued(Place.MORE_2, state, b, 0x90, 0xBF); // less is a longer spelling than needed
            case AFTER_F4 -> continued(Place.MORE_2, state, b, 0x80, 0x8F); // more is beyond U+10FFFF
        };
    }

    private static long value(long state, int b) {
        return switch (b) {
            case '"' -> to(Place.STRING, state);
            case '{' -> push(state, OBJECT, Place.FIRST_KEY);
            case '[' -> push(state, ARRAY, Place.FIRST_VALUE);
            case '-' -> to(Place.MINUS, state);
            case 't' -> letter(state, TRUE + 1);
            case 'f' -> letter(state, FALSE + 1);
            case 'n' -> letter(state, NULL + 1);
            default -> digit(b) ? whole(state, b) : blank(state, b);
        };
    }

    private static long letter(long state, int at) {
        return to(Place.LITERAL, state) + at * ONE_MORE;
    }

    private static long literal(long state, int b) {
        int at = count(state);
        if (b != LITERALS.charAt(at)) {
            return DEAD;
        }
        // the last letters of "true" and "false" are an e, that of "null" is the last of all
        return b == 'e' || at + 1 == LITERALS.length() ? to(Place.AFTER_VALUE, state) : state + ONE_MORE;
    }

    private static long whole(long state, int b) {
        if (b == '0') {
            return to(Place.ZERO, state);
        }
        return digit(b) ? to(Place.WHOLE, state) + ONE_MORE : DEAD;
    }

    private static long fractionOrEnd(long state, int b) {
        return b == '.' ? to(Place.POINT, state) : exponentOrEnd(state, b);
    }

    private static long exponentOrEnd(long state, int b) {
        return b == 'e' || b == 'E' ? to(Place.EXPONENT, state) : afterNumber(state, b);
    }

    private static long exponentDigit(long state, int b) {
        return digit(b) ? to(Place.EXPONENT_DIGITS, state) + ONE_MORE : DEAD;
    }

    private static long afterNumber(long state, int b) {
        return afterValue(to(Place.AFTER_VALUE, state), b);
    }

    private static long afterValue(long state, int b) {
        boolean ends = b == ',' || b == '}' || b == ']';
        if (!ends) {
            return blank(state, b);
        }
        if (JsonState.levels(state) == 0) {
            return UNKNOWN;
        }
        boolean object = JsonState.innermost(state) == OBJECT;
        if (b == ',') {
            return to(object ? Place.NEXT_KEY : Place.VALUE, state);
        }
        return object == (b == '}') ? pop(state) : DEAD;
    }

    private static long inString(long state, int b) {
        if (b == '"') {
            return to(count(state) == 1 ? Place.COLON : Place.AFTER_VALUE, state);
        }
        if (b == '\\') {
            return in(Place.ESCAPE, state);
        }
        if (b < 0x80) {
            return b < 0x20 ? DEAD : state;
        }
        return switch (b) {
            case 0xE0 -> in(Place.AFTER_E0, state);
            case 0xED -> in(Place.AFTER_ED, state);
            case 0xF0 -> in(Place.AFTER_F0, state);
            case 0xF4 -> in(Place.AFTER_F4, state);
            default -> lead(state, b);
        };
    }

    private static long lead(long state, int b) {
        if (between(b, 0xC2, 0xDF)) {
            return in(Place.MORE_1, state);
        }
        if (between(b, 0xE1, 0xEF)) {
            return in(Place.MORE_2, state);
        }
        return between(b, 0xF1, 0xF3) ? in(Place.MORE_3, state) : DEAD;
    }

    private static long continued(Place place, long state, int b, int least, int most) {
        return between(b, least, most) ? in(place, state) : DEAD;
    }

    private static long escaped(long state, int b) {
        return switch (b) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> in(Place.STRING, state);
            case 'u' -> in(Place.HEX_1, state);
            default -> DEAD;
        };
    }

    /** Goes on behind {@code \}{@code ud}: to an own character, a pair's first half, or nowhere from its second. */
    private static long afterD(long state, int b) {
        if (between(b, '0', '7')) {
            return in(Place.HEX_3, state);
        }
        boolean high = b == '8' || b == '9' || between(b | 0x20, 'a', 'b');
        return high ? in(Place.HIGH_HEX_3, state) : DEAD;
    }

    private static long hex(Place next, long state, int b) {
        return digit(b) || between(b | 0x20, 'a', 'f') ? in(next, state) : DEAD;
    }

    private static long key(long state) {
        return to(Place.STRING, state) + ONE_MORE;
    }

    private static long blank(long state, int b) {
        boolean blank = b == ' ' || b == '\n' || b == '\t' || b == '\r';
        return blank ? counted(state, MOST_BLANKS) : DEAD;
    }

    private static long counted(long state, int most) {
        return count(state) == most ? DEAD : state + ONE_MORE;
    }

    private static boolean digit(int b) {
        return between(b, '0', '9');
    }

    private static boolean between(int b, int least, int most) {
        return b >= least && b <= most;
    }
}
