package dev.littoral.operator.languagemodel;

import dev.littoral.sources.Fetcher;

/** Reads what checkpoints elsewhere say of themselves. */
public interface Outlines {

    /**
     * Gives what is known of a source: at first that it is being read, later what came of it. A source that was sound
     * or not to be had is forgotten once it was told, so that the next question reads it again.
     *
     * @param key tells this question from others
     */
    Reading read(String key, Fetcher.Wanted wanted);
}
