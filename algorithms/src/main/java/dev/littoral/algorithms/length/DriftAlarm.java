package dev.littoral.algorithms.length;

/**
 * Notices that predictions have become wrong: cumulative sums (Page, 1954) of errors in standard deviations, to either
 * side.
 */
final class DriftAlarm {

    /** Shift that is tolerated for good. */
    private static final double TOLERATED = 0.5;

    /** Sum that rings; by chance alone about once in ten thousand answers. */
    private static final double THRESHOLD = 9;

    private static final double CLIP = 3;

    private double above;
    private double below;

    /** Takes an error in; true when it rings, after which it starts anew. */
    boolean rings(double standardError) {
        double error = Math.clamp(standardError, -CLIP, CLIP);
        above = Math.max(0, above + error - TOLERATED);
        below = Math.max(0, below - error - TOLERATED);
        if (Math.max(above, below) < THRESHOLD) {
            return false;
        }
        above = 0;
        below = 0;
        return true;
    }
}
