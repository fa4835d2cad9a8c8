package dev.littoral.engine.quantize;

import java.util.Arrays;

/**
 * Says by how much later columns of a row must move to make up for the rounding of an earlier one.
 *
 * <p>GPTQ (Frantar et al., <i>GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers</i>,
 * 2023): with the mean products H of the inputs and the upper Cholesky factor U of H's inverse, an error e in column j
 * is best made up for by moving each later column k by {@code -e U[j][k] / U[j][j]}. The damping of H is the paper's;
 * cutting H into squares along its diagonal, so that a long row needs little memory, is ours.
 */
public final class Feedback {

    /** Share of the mean diagonal that is added to the diagonal: the paper's. */
    private static final double DAMPING = 0.01;

    private final int reach;
    private final float[][] factors;

    private Feedback(int reach, float[][] factors) {
        this.reach = reach;
        this.factors = factors;
    }

    /**
     * Factorizes.
     *
     * @param products for each {@code reach} columns the mean products of inputs, row by row; the last may be smaller
     * @param reach columns that see each other
     */
    public static Feedback of(float[][] products, int reach) {
        float[][] factors = new float[products.length][];
        for (int i = 0; i < products.length; i++) {
            factors[i] = factors(products[i]);
        }
        return new Feedback(reach, factors);
    }

    /** Gives the column after the last that {@code column} may move. */
    int end(int column) {
        int square = column / reach;
        return square * reach + side(factors[square]);
    }

    /** Gives {@code U[column][later] / U[column][column]}. */
    float factor(int column, int later) {
        float[] square = factors[column / reach];
        return square[column % reach * side(square) + later % reach];
    }

    private static int side(float[] square) {
        return (int) Math.round(Math.sqrt(square.length));
    }

    /** With H = R R' for an upper R, the inverse of R is the wanted U: one factorization and one inversion do. */
    private static float[] factors(float[] products) {
        int n = side(products);
        double[][] upper = cholesky(products, n);
        double[][] inverse = inverse(upper, n);
        float[] factors = new float[n * n];
        for (int j = 0; j < n; j++) {
            for (int k = j; k < n; k++) {
                factors[j * n + k] = (float) (inverse[j][k] / inverse[j][j]);
            }
        }
        return factors;
    }

    /** Gives the columns of the upper R with {@code R R' = H}, from the last backwards: {@code [k][j]} is R[j][k]. */
    private static double[][] cholesky(float[] products, int n) {
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += products[i * n + i] / (double) n;
        }
        double damping = Math.max(DAMPING * mean, Double.MIN_NORMAL);
        double[][] rest = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                rest[i][j] = products[i * n + j];
            }
            rest[i][i] += damping;
        }
        for (int k = n - 1; k >= 0; k--) {
            double root = Math.sqrt(Math.max(rest[k][k], damping));
            double[] column = rest[k];
            for (int j = 0; j < k; j++) {
                column[j] /= root;
            }
            column[k] = root;
            for (int i = 0; i < k; i++) {
                subtract(rest[i], column, column[i], i + 1);
            }
        }
        return rest;
    }

    /** Inverts the upper matrix whose columns are given; gives rows. */
    private static double[][] inverse(double[][] columns, int n) {
        double[][] rows = new double[n][n];
        for (int j = n - 1; j >= 0; j--) {
            double[] row = rows[j];
            double diagonal = columns[j][j];
            for (int k = j + 1; k < n; k++) {
                subtract(row, rows[k], columns[k][j], n);
            }
            for (int k = j + 1; k < n; k++) {
                row[k] /= diagonal;
            }
            row[j] = 1 / diagonal;
        }
        return rows;
    }

    private static void subtract(double[] from, double[] what, double times, int count) {
        for (int i = 0; i < count; i++) {
            from[i] -= times * what[i];
        }
    }

    @Override
    public String toString() {
        return "feedback over " + reach + " columns in squares of "
                + Arrays.toString(
                        Arrays.stream(factors).mapToInt(Feedback::side).toArray());
    }
}
