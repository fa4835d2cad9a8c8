package dev.littoral.algorithms.length;

/**
 * Notices that predictions have become wrong: cumulative sums (Page, 1954) of errors to either side, each by
 * where it lies among the errors so far: lengths spread to one side, and their tails are long.
 */
final class DriftAlarm {

    /** Shift that is tolerated for good. */
    private static final double TOLERATED = 0.5;

    /** Sum that rings; five answers of the largest score. */
    private static final double THRESHOLD = 12;

    private static final double CLIP = 3;

    /** Errors of log length so small are no drift, however alike the answers were. */
    private static final double NEGLIGIBLE = 0.1;

    private double above;
    private double below;
    private int aboveFor;
    private int belowFor;

    /** Takes in where an error lies among those so far; true when it rings. */
    boolean rings(Spread spread, double error) {
        double middle = spread.at(0.5);
        double beside = error - middle;
        return rings(spread.score(middle + beside - Math.clamp(beside, -NEGLIGIBLE, NEGLIGIBLE)));
    }

    /** Takes an error's score in, of mean 0 and deviation 1. */
    boolean rings(double score) {
        double clipped = Math.clamp(score, -CLIP, CLIP);
        above = Math.max(0, above + clipped - TOLERATED);
        below = Math.max(0, below - clipped - TOLERATED);
        aboveFor = above > 0 ? aboveFor + 1 : 0;
        belowFor = below > 0 ? belowFor + 1 : 0;
        return Math.max(above, below) >= THRESHOLD;
    }

    /** Counts an answer in whose error cannot be told. */
    void passesOver() {
        aboveFor += aboveFor > 0 ? 1 : 0;
        belowFor += belowFor > 0 ? 1 : 0;
    }

    /** Counts the answers since the change that it rang for began, as Page estimates it: where the sum last was 0. */
    int answersOfChange() {
        return above > below ? aboveFor : belowFor;
    }

    /** Starts anew. */
    void begin() {
        above = 0;
        below = 0;
        aboveFor = 0;
        belowFor = 0;
    }
}
