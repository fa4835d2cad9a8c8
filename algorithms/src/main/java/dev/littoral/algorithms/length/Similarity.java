package dev.littoral.algorithms.length;

/**
 * How alike two prompts are: {@code exp(-sum_g w_g |a_g - b_g|^2 / size_g)} over the groups of a reading. Ours.
 *
 * <p>Rows are scaled once, so that the similarity is {@code exp(-|a - b|^2)}.
 */
final class Similarity {

    private static final double BODY = 0.2;
    private static final double OPENING = 0.15;
    private static final double LOWER = 0.15;
    private static final double CUES = 0.3;

    /** What few prompts say tells them apart no further than this many deviations. */
    private static final float FARTHEST_CUE = 2;

    private Similarity() {}

    /** Scales standardised features. */
    static float[] scaled(Features features) {
        float[] numbers = FeatureScale.numbers(features);
        int state = PromptReading.STATE;
        double[] weights = {BODY / state, OPENING / state, LOWER / state, CUES / (numbers.length - 3 * state)};
        for (int i = 3 * state; i < numbers.length; i++) {
            numbers[i] = Math.clamp(numbers[i], -FARTHEST_CUE, FARTHEST_CUE);
        }
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] *= (float) Math.sqrt(weights[Math.min(3, i / state)]);
        }
        return numbers;
    }

    static double between(Row a, Row b) {
        return of(Vectors.dot(a.numbers(), b.numbers()), a.square(), b.square());
    }

    /** Computes it from the product of two rows and the square of each. */
    static double of(float product, float square, float otherSquare) {
        return Math.exp(Math.min(0, 2.0 * product - square - otherSquare));
    }

    /** Adds {@code ofCues} times the similarity over the cues alone; both rows are of all features. */
    static double between(Row a, Row b, double ofCues) {
        double whole = between(a, b);
        return ofCues == 0
                ? whole
                : whole
                        + ofCues
                                * Math.exp(-Vectors.squaredDistance(a.numbers(), b.numbers(), 3 * PromptReading.STATE));
    }

    /** Scaled numbers, and their sum of squares. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Row(float[] numbers, float square) {

        static Row of(float[] numbers) {
            return new Row(numbers, Vectors.dot(numbers, numbers));
        }
    }
}
