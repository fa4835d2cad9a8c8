package dev.littoral.engine.quantize;

import java.util.Arrays;

/**
 * What calibration says of the vectors that a matrix is multiplied by.
 *
 * @param importance mean square of each number, and a little more so that none is for nothing
 * @param feedback from the mean products
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Inputs(float[] importance, Feedback feedback) {

    private static final float LEAST_SHARE = 0.01f;

    /**
     * Works both out.
     *
     * @param products for each {@code reach} columns the mean products of inputs, row by row; the last may be smaller
     */
    public static Inputs of(float[][] products, int reach) {
        int columns = 0;
        for (float[] square : products) {
            columns += (int) Math.round(Math.sqrt(square.length));
        }
        float[] importance = new float[columns];
        double mean = 0;
        for (int c = 0; c < columns; c++) {
            float[] square = products[c / reach];
            int side = (int) Math.round(Math.sqrt(square.length));
            importance[c] = square[c % reach * side + c % reach];
            mean += importance[c] / (double) columns;
        }
        if (mean < Float.MIN_NORMAL) {
            Arrays.fill(importance, 1);
        } else {
            for (int c = 0; c < columns; c++) {
                importance[c] = (float) (importance[c] / mean) + LEAST_SHARE;
            }
        }
        return new Inputs(importance, Feedback.of(products, reach));
    }
}
