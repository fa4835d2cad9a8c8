package dev.littoral.algorithms.length;

/** Conditions on arguments. */
final class Require {

    private Require() {}

    static void tokens(int tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens must be 0 or more: " + tokens);
        }
    }
}
