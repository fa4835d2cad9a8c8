package dev.littoral.engine;

/**
 * Divides a row of logits into blocks, of each of which a stage tells the largest logit, the sum of what e to the power
 * of each logit less the largest is, and the sum of these times that difference.
 *
 * @param count of the blocks
 * @param size of each, in logits
 */
public record LogitBlocks(int count, int size) {

    /** Numbers that are told of a block. */
    public static final int FIGURES = 3;

    /** More would take longer to put together than a look at a block of the largest vocabularies. */
    private static final int MOST = 256;

    /** Gives the most blocks, up to 256, that a vocabulary divides into evenly. */
    public static LogitBlocks of(int vocabulary) {
        int count = Math.min(MOST, vocabulary);
        while (vocabulary % count != 0) {
            count--;
        }
        return new LogitBlocks(count, vocabulary / count);
    }

    /** Counts the numbers that are told of a row. */
    public int figures() {
        return FIGURES * count;
    }
}
