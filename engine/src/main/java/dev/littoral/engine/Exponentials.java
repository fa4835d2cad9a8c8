package dev.littoral.engine;

/**
 * Computes e to the power of numbers that are not positive, for each word of a vocabulary at each token: quicker than
 * {@link Math#exp} where Java has its first compiler only, as in agents.
 *
 * <p>A table gives the power of the nearest 64th, a polynomial the rest. The relative error is less than 1e-12, and what
 * is below e<sup>-64</sup>, so less than 1e-27, counts as nothing.
 */
final class Exponentials {

    private static final int PARTS = 64;
    private static final int LEAST = -64;
    private static final double[] TABLE = new double[PARTS * -LEAST + 1];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            TABLE[i] = Math.exp(-i / (double) PARTS);
        }
    }

    private Exponentials() {}

    /**
     * Computes one.
     *
     * @param power at most 0
     */
    static double of(double power) {
        if (!(power > LEAST)) {
            return 0;
        }
        int part = (int) (0.5 - power * PARTS);
        double rest = power + part * (1.0 / PARTS);
        return TABLE[part] * (1 + rest * (1 + rest * (1 / 2.0 + rest * (1 / 6.0 + rest * (1 / 24.0)))));
    }
}
