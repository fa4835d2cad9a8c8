package dev.littoral.algorithms.length;

/**
 * What a warm factor is made of, as it is stored.
 *
 * @param scale of readings
 * @param directions rows of the projection of scaled features, in steps of {@code directionSteps}
 * @param directionSteps per direction
 * @param points projected training prompts, in steps of {@code pointStep}
 * @param pointStep one for all
 * @param factors of the training prompts
 * @param labels how many lengths stand behind each factor; 0 where it was guessed, see {@link WarmTraining.Guess}
 * @param digests of the training prompts' texts, so that a comparison can leave out what it tests on
 * @param offset typical mean of log lengths of a model
 * @param slope typical slope of log lengths over the factor
 * @param residuals of log lengths of a model never seen, from the smallest to the largest, evenly spaced in probability
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record WarmData(
        FeatureScale scale,
        byte[][] directions,
        float[] directionSteps,
        byte[][] points,
        float pointStep,
        float[] factors,
        int[] labels,
        long[] digests,
        double offset,
        double slope,
        float[] residuals) {

    /** Rejects parts that do not fit together. */
    public WarmData {
        int prompts = points.length;
        if (directions.length != directionSteps.length
                || factors.length != prompts
                || labels.length != prompts
                || digests.length != prompts
                || prompts == 0
                || residuals.length < 2) {
            throw new IllegalArgumentException("the parts of a warm factor differ in size: " + directions.length
                    + " directions, " + prompts + " points, " + factors.length + " factors, " + residuals.length
                    + " residuals");
        }
    }

    /** Identifies a prompt's text: FNV-1a over its UTF-16 units. */
    public static long digest(String prompt) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < prompt.length(); i++) {
            hash = (hash ^ prompt.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
