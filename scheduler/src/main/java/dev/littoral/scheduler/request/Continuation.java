package dev.littoral.scheduler.request;

/**
 * Joins the answer of a second agent to the pieces that the first one gave before it died, so that no reader sees a
 * word twice.
 */
final class Continuation {

    /** What to do with a piece. */
    sealed interface Step {

        /** Hand this on; may be empty. */
        record Forward(String text) implements Step {}

        /** The second answer is another one than the first; {@link Continuation#takeSecond} starts over with it. */
        record Diverged() implements Step {}
    }

    private final StringBuilder delivered = new StringBuilder();
    private final StringBuilder second = new StringBuilder();
    private boolean replaying;

    /** Expects an answer from its beginning. */
    void again() {
        second.setLength(0);
        replaying = !delivered.isEmpty();
    }

    Step accept(String piece) {
        if (!replaying) {
            delivered.append(piece);
            return new Step.Forward(piece);
        }
        second.append(piece);
        int common = Math.min(second.length(), delivered.length());
        if (!second.substring(0, common).contentEquals(delivered.subSequence(0, common))) {
            return new Step.Diverged();
        }
        if (second.length() < delivered.length()) {
            return new Step.Forward("");
        }
        String rest = second.substring(common);
        replaying = false;
        delivered.append(rest);
        return new Step.Forward(rest);
    }

    /** Returns the second answer as far as it is known; it is the answer from now on. */
    String takeSecond() {
        replaying = false;
        delivered.setLength(0);
        delivered.append(second);
        return delivered.toString();
    }

    /** Says whether an answer that ends here is the one that was delivered. */
    boolean whole() {
        return !replaying;
    }

    String text() {
        return delivered.toString();
    }
}
