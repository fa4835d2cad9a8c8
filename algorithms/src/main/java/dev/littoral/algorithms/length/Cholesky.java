package dev.littoral.algorithms.length;

import java.util.Optional;

/** The factor {@code L} of a symmetric positive definite matrix {@code L L'}. */
final class Cholesky {

    private final double[][] lower;

    private Cholesky(double[][] lower) {
        this.lower = lower;
    }

    /**
     * Factorises a matrix, of which only the lower triangle is read.
     *
     * @throws IllegalArgumentException when it is not positive definite
     */
    static Cholesky of(double[][] matrix) {
        return ifPositive(matrix)
                .orElseThrow(() -> new IllegalArgumentException("the matrix is not positive definite"));
    }

    /** Factorises a matrix; empty when it is not positive definite. */
    static Optional<Cholesky> ifPositive(double[][] matrix) {
        int n = matrix.length;
        double[][] lower = new double[n][];
        for (int i = 0; i < n; i++) {
            lower[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                double rest = matrix[i][j] - Vectors.dot(lower[i], lower[j], j);
                if (i != j) {
                    lower[i][j] = rest / lower[j][j];
                } else if (rest > 0) {
                    lower[i][i] = Math.sqrt(rest);
                } else {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new Cholesky(lower));
    }

    int size() {
        return lower.length;
    }

    /** Solves {@code L x = b}. */
    double[] forward(double[] b) {
        double[] x = b.clone();
        for (int i = 0; i < x.length; i++) {
            x[i] = (x[i] - Vectors.dot(lower[i], x, i)) / lower[i][i];
        }
        return x;
    }

    /** Solves {@code L L' x = b}. */
    double[] solve(double[] b) {
        double[] x = forward(b);
        for (int i = x.length - 1; i >= 0; i--) {
            x[i] /= lower[i][i];
            double value = x[i];
            double[] row = lower[i];
            for (int j = 0; j < i; j++) {
                x[j] -= value * row[j];
            }
        }
        return x;
    }

    /** Gives the diagonal of the inverse. */
    double[] inverseDiagonal() {
        int n = lower.length;
        double[] diagonal = new double[n];
        for (int column = 0; column < n; column++) {
            // column of the inverse of L: zero above its diagonal
            double[] x = new double[n];
            x[column] = 1 / lower[column][column];
            diagonal[column] += x[column] * x[column];
            for (int i = column + 1; i < n; i++) {
                double sum = 0;
                double[] row = lower[i];
                for (int k = column; k < i; k++) {
                    sum += row[k] * x[k];
                }
                x[i] = -sum / row[i];
                diagonal[column] += x[i] * x[i];
            }
        }
        return diagonal;
    }
}
