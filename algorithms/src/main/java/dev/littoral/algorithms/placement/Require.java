package dev.littoral.algorithms.placement;

/** Bounds that the records of this package share. */
final class Require {

    private Require() {}

    static void notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be finite and not negative: " + value);
        }
    }

    static void notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + value);
        }
    }

    static void positive(String name, double value) {
        if (!(value > 0) || Double.isNaN(value)) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
