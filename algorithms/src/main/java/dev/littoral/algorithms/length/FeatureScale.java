package dev.littoral.algorithms.length;

import java.util.List;

/**
 * Standardises readings and turns them into bytes: a number's distance from what is expected, in standard deviations,
 * clipped at {@value #CLIP}, in {@value #STEPS} steps to either side. A cue is expected to grow with the logarithm of the
 * prompt's length, so that what many words bring along is not taken for what they ask.
 *
 * @param means of the numbers of {@link PromptReading#row}
 * @param deviations of the same about what is expected, all positive
 * @param slopes of the cues over the logarithm of the prompt's length in tokens, which itself has slope 0
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record FeatureScale(float[] means, float[] deviations, float[] slopes) {

    private static final float CLIP = 4;
    private static final float STEPS = 127;
    private static final float LEAST = 1e-6f;

    private static final int CUES = 3 * PromptReading.STATE;
    private static final int LENGTH = CUES + Cues.ofPromptTokens();

    /** Rejects arrays of another size. */
    public FeatureScale {
        int size = PromptReading.size();
        if (means.length != size || deviations.length != size || slopes.length != size - CUES) {
            throw new IllegalArgumentException("a scale has " + size + " means and deviations and " + (size - CUES)
                    + " slopes, not " + means.length + ", " + deviations.length + " and " + slopes.length);
        }
    }

    /** Measures the numbers of these readings, of which there is at least one. */
    public static FeatureScale of(List<PromptReading> readings) {
        int size = PromptReading.size();
        List<float[]> rows = readings.stream().map(PromptReading::row).toList();
        double[] sums = new double[size];
        for (float[] row : rows) {
            for (int i = 0; i < size; i++) {
                sums[i] += row[i];
            }
        }
        float[] means = new float[size];
        for (int i = 0; i < size; i++) {
            means[i] = (float) (sums[i] / rows.size());
        }
        float[] slopes = slopes(rows, means);
        double[] squares = new double[size];
        for (float[] row : rows) {
            for (int i = 0; i < size; i++) {
                double distance = distance(row, i, means, slopes);
                squares[i] += distance * distance;
            }
        }
        float[] deviations = new float[size];
        for (int i = 0; i < size; i++) {
            deviations[i] = (float) Math.sqrt(squares[i] / rows.size()) + LEAST;
        }
        return new FeatureScale(means, deviations, slopes);
    }

    /** Standardises a reading. */
    public Features standardise(PromptReading reading) {
        float[] row = reading.row();
        byte[] steps = new byte[row.length];
        for (int i = 0; i < row.length; i++) {
            float z = distance(row, i, means, slopes) / deviations[i];
            steps[i] = (byte) Math.round(Math.clamp(z, -CLIP, CLIP) * (STEPS / CLIP));
        }
        return new Features(steps);
    }

    private static float[] slopes(List<float[]> rows, float[] means) {
        double[] products = new double[PromptReading.size() - CUES];
        for (float[] row : rows) {
            for (int i = 0; i < products.length; i++) {
                products[i] += (double) (row[CUES + i] - means[CUES + i]) * (row[LENGTH] - means[LENGTH]);
            }
        }
        float[] slopes = new float[products.length];
        double ofLength = products[LENGTH - CUES] + LEAST;
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = CUES + i == LENGTH ? 0 : (float) (products[i] / ofLength);
        }
        return slopes;
    }

    private static float distance(float[] row, int i, float[] means, float[] slopes) {
        float expected = i < CUES ? 0 : slopes[i - CUES] * (row[LENGTH] - means[LENGTH]);
        return row[i] - means[i] - expected;
    }

    /** Gives back the standardised numbers. */
    static float[] numbers(Features features) {
        byte[] steps = features.steps();
        float[] numbers = new float[steps.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = steps[i] * (CLIP / STEPS);
        }
        return numbers;
    }
}
