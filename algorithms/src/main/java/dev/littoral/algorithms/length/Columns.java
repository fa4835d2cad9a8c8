package dev.littoral.algorithms.length;

/**
 * A matrix kept column by column, so that the products of all its rows with a vector are sums of whole columns, which the
 * processor adds many numbers at a time. In half precision, since a matrix is read from memory for each product.
 */
final class Columns {

    private final short[] halves;
    private final int rows;

    private Columns(short[] halves, int rows) {
        this.halves = halves;
        this.rows = rows;
    }

    /** Makes one of rows of the same length. */
    static Columns of(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        short[] halves = new short[rows.length * columns];
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < columns; column++) {
                halves[column * rows.length + row] = Float.floatToFloat16(rows[row][column]);
            }
        }
        return new Columns(halves, rows.length);
    }

    /** Multiplies each row with a vector, over the columns {@code [begin, end)} alone. */
    float[] products(float[] vector, int begin, int end) {
        float[] sums = new float[rows];
        int column = begin;
        for (; column + 3 < end; column += 4) {
            addFour(sums, vector, column);
        }
        for (; column < end; column++) {
            float factor = vector[column];
            int at = column * rows;
            for (int row = 0; row < sums.length; row++) {
                sums[row] += factor * Float.float16ToFloat(halves[at + row]);
            }
        }
        return sums;
    }

    /** Adds four columns in one pass over the sums. */
    private void addFour(float[] sums, float[] vector, int column) {
        float f0 = vector[column];
        float f1 = vector[column + 1];
        float f2 = vector[column + 2];
        float f3 = vector[column + 3];
        int c0 = column * rows;
        int c1 = c0 + rows;
        int c2 = c1 + rows;
        int c3 = c2 + rows;
        for (int row = 0; row < sums.length; row++) {
            sums[row] += (f0 * Float.float16ToFloat(halves[c0 + row]) + f1 * Float.float16ToFloat(halves[c1 + row]))
                    + (f2 * Float.float16ToFloat(halves[c2 + row]) + f3 * Float.float16ToFloat(halves[c3 + row]));
        }
    }
}
