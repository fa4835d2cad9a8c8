package dev.littoral.engine;

/** Names the field that is out of its bounds. */
final class Bounds {

    private Bounds() {}

    static void require(boolean holds, String field, Object value, String wanted) {
        if (!holds) {
            throw new IllegalArgumentException(field + " is " + value + " but must be " + wanted);
        }
    }
}
