package dev.littoral.engine.quantize;

import dev.littoral.engine.Rounding;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Finds scales and zero points, for one block of each row of a band at once.
 *
 * <p>A whole number q of b bits stands for {@code (q - zero) * scale}. For given q the scale of least squared error has
 * the closed form {@code sum(h x q) / sum(h q q)}, and leaves the error {@code sum(h x x) - sum(h x q)^2 / sum(h q q)}:
 * so the search tries a few scales, rounds with each, and keeps the one whose rounding leaves the least (the idea of
 * llama.cpp's {@code make_qx_quants}). The weights h are the mean squares of the inputs that meet the weights
 * (llama.cpp's importance matrix); the candidates, the zero points and the layout are ours.
 *
 * <p>Rows are lanes: number c of lane l stands at {@code [c][l]}, so that every inner loop runs over the same index of
 * all arrays, which the compiler turns into vector instructions.
 */
final class Steps {

    /**
     * Rows of a band, at most: loops over fewer run for the most part outside what the compiler makes of them, and took
     * nearly twice as long with 64.
     */
    private static final int MOST_ROWS = 256;

    private static final int LEAST_ROWS = 64;

    /** A band of each thread lies in the heap. */
    private static final int MOST_NUMBERS = 1 << 20;

    /** Adding and taking it away rounds a float of less than 2^22 to the nearest whole number, halves to even. */
    static final float ROUNDS = 12_582_912f;

    private static final float[] SYMMETRIC_ENDS = {-0.1f, -0.05f, 0, 0.06f};
    private static final float[] EXACT_END = {0};
    private static final float[] EIGHT_BIT_ENDS = {-0.006f, -0.003f, 0, 0.003f};
    private static final float[] WHOLE_RANGE = {1};
    private static final float[] SHARES = {1, 0.92f, 0.84f};
    /** From the best share, one after the other. */
    private static final float[] BESIDE_SHARE = {-0.04f, 0.08f};

    private final int bits;
    private final int rows;
    private final boolean symmetric;
    private final Rounding rounding;

    /** The scale of each lane's block. */
    final float[] scale;

    /** One divided by the scale. */
    final float[] inverse;

    /** The least whole number after the zero point is taken away, so minus the zero point. */
    final int[] least;

    private final float[] low;
    private final float[] high;
    private final float[] tryInverse;
    private final int[] tryLeast;
    private final float[] product;
    private final float[] square;
    private final float[] best;
    private final float[] tryShare;
    private final float[] share;
    private final int[] tryOffset;
    private final int[] offset;
    private OptionalInt notFinite = OptionalInt.empty();

    /**
     * Makes one for bands of so many rows.
     *
     * @param rows as {@link #rowsOf} has it
     */
    Steps(int bits, boolean symmetric, Rounding rounding, int rows) {
        this.bits = bits;
        this.rows = rows;
        this.symmetric = symmetric;
        this.rounding = rounding;
        scale = new float[rows];
        inverse = new float[rows];
        least = new int[rows];
        low = new float[rows];
        high = new float[rows];
        tryInverse = new float[rows];
        tryLeast = new int[rows];
        product = new float[rows];
        square = new float[rows];
        best = new float[rows];
        tryShare = new float[rows];
        share = new float[rows];
        tryOffset = new int[rows];
        offset = new int[rows];
    }

    /** Gives how many rows of a matrix are rounded together: 64 to 256, the fewer the longer they are. */
    static int rowsOf(long rows, int columns) {
        long wanted = Math.min(Math.max(rows, LEAST_ROWS), MOST_NUMBERS / Math.max(1, columns));
        return Math.clamp(wanted / LEAST_ROWS * LEAST_ROWS, LEAST_ROWS, MOST_ROWS);
    }

    /** Gives the first lane that had a number in a block of any time so far which is not finite. */
    OptionalInt notFinite() {
        return notFinite;
    }

    /** Gives the difference of the largest and the least whole number. */
    int span() {
        return (1 << bits) - 1;
    }

    private int half() {
        return 1 << (bits - 1);
    }

    /**
     * Chooses for the columns {@code [from, to)}.
     *
     * @param importance of each column, counted from {@code firstImportance}; positive
     */
    void choose(float[][] lanes, int from, int to, float[] importance, int firstImportance) {
        bounds(lanes, from, to);
        if (rounding == Rounding.ABSMAX) {
            absmax();
            return;
        }
        Arrays.fill(best, -1);
        if (symmetric) {
            symmetric(lanes, from, to, importance, firstImportance);
        } else {
            asymmetric(lanes, from, to, importance, firstImportance);
        }
        refine(lanes, from, to, importance, firstImportance);
    }

    private void bounds(float[][] lanes, int from, int to) {
        Arrays.fill(low, 0);
        Arrays.fill(high, 0);
        for (int c = from; c < to; c++) {
            bounds(lanes[c]);
        }
        for (int l = 0; l < rows; l++) {
            // neither infinite, nor NaN, which bounds are once a number is
            if (!(low[l] >= -Float.MAX_VALUE && high[l] <= Float.MAX_VALUE) && notFinite.isEmpty()) {
                notFinite = OptionalInt.of(l);
            }
        }
    }

    private void bounds(float[] column) {
        for (int l = 0; l < rows; l++) {
            low[l] = Math.min(low[l], column[l]);
            high[l] = Math.max(high[l], column[l]);
        }
    }

    private void absmax() {
        for (int l = 0; l < rows; l++) {
            float step;
            if (symmetric) {
                step = bits == 8 ? Math.max(-low[l], high[l]) / 127 : -furthest(l) / (float) half();
                least[l] = -half();
            } else {
                step = (high[l] - low[l]) / (float) span();
                least[l] = usable(step) ? Math.max(-span(), (int) Math.rint(low[l] / step)) : 0;
            }
            keep(l, step);
        }
    }

    /** Gives the number of largest magnitude, with its sign. */
    private float furthest(int lane) {
        return high[lane] > -low[lane] ? high[lane] : low[lane];
    }

    private static boolean usable(float step) {
        return Math.abs(step) >= Float.MIN_NORMAL && Math.abs(step) <= Float.MAX_VALUE;
    }

    /** Takes a scale; all zeros, or numbers too small for one, are stood for as well by any. */
    private void keep(int lane, float step) {
        scale[lane] = usable(step) && usable(1 / step) ? step : Float.MIN_NORMAL;
        inverse[lane] = 1 / scale[lane];
    }

    /** Tries scales that bring the furthest number near the end of the longer side, and of the shorter. */
    private void symmetric(float[][] lanes, int from, int to, float[] importance, int first) {
        Arrays.fill(tryLeast, -half());
        for (float end : bits == 8 ? EIGHT_BIT_ENDS : SYMMETRIC_ENDS) {
            tryInverses(-half() * (1 + end));
            judge(lanes, from, to, importance, first);
        }
        for (float end : bits == 2 ? SYMMETRIC_ENDS : EXACT_END) {
            tryInverses((half() - 1) * (1 + end));
            judge(lanes, from, to, importance, first);
        }
    }

    private void tryInverses(float end) {
        for (int l = 0; l < rows; l++) {
            float inverseStep = end / furthest(l);
            tryInverse[l] = usable(inverseStep) ? inverseStep : 0;
        }
    }

    /**
     * Tries ranges that are a share of the numbers', each with the zero point that fits it, then the zero points beside that
     * of the best share, then shares beside the best.
     */
    private void asymmetric(float[][] lanes, int from, int to, float[] importance, int first) {
        Arrays.fill(tryOffset, 0);
        for (float each : bits == 8 ? WHOLE_RANGE : SHARES) {
            Arrays.fill(tryShare, each);
            tryRanges();
            judge(lanes, from, to, importance, first);
        }
        if (bits == 8) {
            return;
        }
        System.arraycopy(share, 0, tryShare, 0, rows);
        for (int beside = -1; beside <= 1; beside += 2) {
            Arrays.fill(tryOffset, beside);
            tryRanges();
            judge(lanes, from, to, importance, first);
        }
        System.arraycopy(offset, 0, tryOffset, 0, rows);
        for (float beside : BESIDE_SHARE) {
            for (int l = 0; l < rows; l++) {
                tryShare[l] += beside;
            }
            tryRanges();
            judge(lanes, from, to, importance, first);
        }
    }

    private void tryRanges() {
        for (int l = 0; l < rows; l++) {
            float inverseStep = span() / ((high[l] - low[l]) * tryShare[l]);
            tryInverse[l] = usable(inverseStep) ? inverseStep : 0;
            float zero = (float) Math.rint(-low[l] * tryShare[l] * tryInverse[l]) + tryOffset[l];
            tryLeast[l] = -Math.clamp((long) zero, 0, span());
        }
    }

    /** Keeps what is tried in the lanes where it leaves less error than what was kept. */
    private void judge(float[][] lanes, int from, int to, float[] importance, int first) {
        sums(lanes, from, to, importance, first, tryInverse, tryLeast);
        for (int l = 0; l < rows; l++) {
            float gain = square[l] > 0 ? product[l] / square[l] * product[l] : 0;
            if (gain > best[l]) {
                best[l] = gain;
                least[l] = tryLeast[l];
                share[l] = tryShare[l];
                offset[l] = tryOffset[l];
                scale[l] = square[l] > 0 ? product[l] / square[l] : 0;
            }
        }
    }

    /** Rounds once more with the best scale of the best rounding, and takes the scale that is best for that. */
    private void refine(float[][] lanes, int from, int to, float[] importance, int first) {
        for (int l = 0; l < rows; l++) {
            keep(l, scale[l]);
        }
        sums(lanes, from, to, importance, first, inverse, least);
        for (int l = 0; l < rows; l++) {
            keep(l, square[l] > 0 ? product[l] / square[l] : 0);
        }
    }

    private void sums(
            float[][] lanes, int from, int to, float[] importance, int first, float[] inverses, int[] leasts) {
        Arrays.fill(product, 0);
        Arrays.fill(square, 0);
        int span = span();
        for (int c = from; c < to; c++) {
            add(lanes[c], importance[first + c], span, inverses, leasts);
        }
    }

    /** Bounds whole numbers rather than floats: the processor has one instruction for that, no care for NaN. */
    private void add(float[] column, float weight, int span, float[] inverses, int[] leasts) {
        for (int l = 0; l < rows; l++) {
            float x = column[l];
            int rounded = (int) ((x * inverses[l] + ROUNDS) - ROUNDS);
            float whole = (float) Math.max(leasts[l], Math.min(leasts[l] + span, rounded));
            float weighed = weight * whole;
            product[l] += weighed * x;
            square[l] += weighed * whole;
        }
    }
}
