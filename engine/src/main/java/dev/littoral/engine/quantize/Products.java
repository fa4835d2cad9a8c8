package dev.littoral.engine.quantize;

/** Sums up the products of the numbers of vectors, each with those of its square along the diagonal. */
public final class Products {

    private final int columns;
    private final int reach;
    private final float[][] squares;

    /**
     * Begins at zero.
     *
     * @param reach numbers that are multiplied with each other
     */
    public Products(int columns, int reach) {
        this.columns = columns;
        this.reach = Math.min(reach, columns);
        this.squares = new float[(columns + this.reach - 1) / this.reach][];
        for (int i = 0; i < squares.length; i++) {
            int side = side(i);
            squares[i] = new float[side * side];
        }
    }

    private int side(int square) {
        return Math.min(reach, columns - square * reach);
    }

    /** Gives how many numbers are multiplied with each other. */
    public int reach() {
        return reach;
    }

    /** Adds vectors that stand one behind the other. */
    public void add(float[] numbers) {
        for (int at = 0; at < numbers.length; at += columns) {
            for (int i = 0; i < squares.length; i++) {
                int side = side(i);
                int from = at + i * reach;
                for (int row = 0; row < side; row++) {
                    add(squares[i], row * side, numbers, from, numbers[from + row], row + 1);
                }
            }
        }
    }

    private static void add(float[] square, int to, float[] numbers, int from, float times, int count) {
        for (int i = 0; i < count; i++) {
            square[to + i] += times * numbers[from + i];
        }
    }

    /** Gives the sums, square after square, of each the rows up to the diagonal, over the mean of all diagonals. */
    public float[] triangles() {
        double mean = 0;
        for (int i = 0; i < squares.length; i++) {
            for (int row = 0; row < side(i); row++) {
                mean += squares[i][row * side(i) + row] / (double) columns;
            }
        }
        float[] triangles = new float[Triangles.numbers(columns, reach)];
        int at = 0;
        for (int i = 0; i < squares.length; i++) {
            for (int row = 0; row < side(i); row++) {
                for (int column = 0; column <= row; column++) {
                    triangles[at++] = (float) (squares[i][row * side(i) + column] / Math.max(mean, Float.MIN_NORMAL));
                }
            }
        }
        return triangles;
    }
}
