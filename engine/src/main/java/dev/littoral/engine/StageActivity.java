package dev.littoral.engine;

/**
 * Counts what a stage has done since it was loaded, and what waits.
 *
 * @param steps runs of the graph
 * @param decodeSteps those that carried one row for each of some sequences
 * @param decodeRows rows in them; divided by the steps it is the mean batch
 * @param promptRows rows of prompts and of drafts that ran
 * @param reusedRows rows of prompts that did not run, since a slot held them
 * @param waiting sequences whose rows wait for a step
 */
public record StageActivity(
        long steps, long decodeSteps, long decodeRows, long promptRows, long reusedRows, int waiting) {

    /** Is that of a stage that has done nothing. */
    public static final StageActivity NONE = new StageActivity(0, 0, 0, 0, 0, 0);
}
