package dev.littoral.algorithms.length;

/**
 * The share of answers that a bound is meant to miss: a tenth, moved by what it does miss (Gibbs and Candès, arXiv
 * 2106.00170).
 */
record MissShare(double share) {

    private static final double MEANT = 0.1;
    private static final double STEP = 0.005;

    /** Before any answer. */
    static final MissShare FIRST = new MissShare(MEANT);

    /** Gives the share after a further answer. */
    MissShare after(boolean missed) {
        return new MissShare(Math.clamp(share + STEP * (MEANT - (missed ? 1 : 0)), MEANT / 5, 2.5 * MEANT));
    }
}
