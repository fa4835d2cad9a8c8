package dev.littoral.engine.quantize;

/** Squares along the diagonal of a symmetric matrix, of each the rows up to the diagonal. */
final class Triangles {

    private Triangles() {}

    /** Counts the numbers of all squares. */
    static int numbers(int columns, int reach) {
        long numbers = 0;
        for (int from = 0; from < columns; from += reach) {
            long side = Math.min(reach, columns - from);
            numbers += side * (side + 1) / 2;
        }
        return Math.toIntExact(numbers);
    }

    /** Gives whole squares, row by row. */
    static float[][] squares(float[] triangles, int columns, int reach) {
        float[][] squares = new float[(columns + reach - 1) / reach][];
        int at = 0;
        for (int i = 0; i < squares.length; i++) {
            int side = Math.min(reach, columns - i * reach);
            squares[i] = new float[side * side];
            for (int row = 0; row < side; row++) {
                for (int column = 0; column <= row; column++) {
                    squares[i][row * side + column] = triangles[at];
                    squares[i][column * side + row] = triangles[at++];
                }
            }
        }
        return squares;
    }
}
