package dev.littoral.algorithms.length;

import java.util.List;

/**
 * Standardises readings and turns them into bytes: a number's distance from its mean in standard deviations, clipped at
 * {@value #CLIP}, in {@value #STEPS} steps to either side.
 *
 * @param means of the numbers of {@link PromptReading#row}
 * @param deviations of the same, all positive
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record FeatureScale(float[] means, float[] deviations) {

    private static final float CLIP = 4;
    private static final float STEPS = 127;
    private static final float LEAST = 1e-6f;

    /** Measures the numbers of these readings, of which there is at least one. */
    public static FeatureScale of(List<PromptReading> readings) {
        int size = PromptReading.size();
        double[] sums = new double[size];
        double[] squares = new double[size];
        List<float[]> rows = readings.stream().map(PromptReading::row).toList();
        for (float[] row : rows) {
            for (int i = 0; i < size; i++) {
                sums[i] += row[i];
            }
        }
        float[] means = new float[size];
        for (int i = 0; i < size; i++) {
            means[i] = (float) (sums[i] / rows.size());
        }
        for (float[] row : rows) {
            for (int i = 0; i < size; i++) {
                squares[i] += (double) (row[i] - means[i]) * (row[i] - means[i]);
            }
        }
        float[] deviations = new float[size];
        for (int i = 0; i < size; i++) {
            deviations[i] = (float) Math.sqrt(squares[i] / rows.size()) + LEAST;
        }
        return new FeatureScale(means, deviations);
    }

    /** Standardises a reading. */
    public Features standardise(PromptReading reading) {
        float[] row = reading.row();
        byte[] steps = new byte[row.length];
        for (int i = 0; i < row.length; i++) {
            float z = (row[i] - means[i]) / deviations[i];
            steps[i] = (byte) Math.round(Math.clamp(z, -CLIP, CLIP) * (STEPS / CLIP));
        }
        return new Features(steps);
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
