package dev.littoral.engine;

/** Hears how far a load is. */
@FunctionalInterface
public interface ProgressListener {

    /** Ignores all progress. */
    ProgressListener NONE = (done, total, step) -> {};

    /**
     * Tells that {@code doneBytes} of {@code totalBytes} are done, and what is done now.
     *
     * @param step for people, such as {@code quantizing layer 3}
     */
    void progress(long doneBytes, long totalBytes, String step);
}
