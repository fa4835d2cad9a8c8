package dev.littoral.engine.text;

/**
 * Ends a rendering that nobody waits for any more. An error and no exception, since the library turns exceptions into notes
 * and renders on.
 */
final class GivenUp extends Error {

    private GivenUp() {
        super("the rendering was given up", null, false, false);
    }

    /** Ends the thread's rendering when it was interrupted. */
    static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new GivenUp();
        }
    }
}
