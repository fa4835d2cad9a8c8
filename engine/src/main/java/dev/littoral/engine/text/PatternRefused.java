package dev.littoral.engine.text;

/** Ends the look at an expression with what is wrong. */
final class PatternRefused extends RuntimeException {

    PatternRefused(String problem) {
        super(problem, null, false, false);
    }
}
