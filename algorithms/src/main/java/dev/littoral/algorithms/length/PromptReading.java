package dev.littoral.algorithms.length;

/**
 * What is read from one prompt: three views of a sentence encoder's inner states, and the cues.
 *
 * @param body mean over all tokens of the fifth layer's states, each token scaled to root mean square 1
 * @param opening the same over tokens 1 to 11, which say what is asked
 * @param lower the same as {@code body} of the fourth layer
 * @param cues see {@link Cues}
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record PromptReading(float[] body, float[] opening, float[] lower, float[] cues) {

    /** Width of the encoder's states. */
    public static final int STATE = 384;

    /** Rejects arrays of another size. */
    public PromptReading {
        if (body.length != STATE || opening.length != STATE || lower.length != STATE || cues.length != Cues.size()) {
            throw new IllegalArgumentException("a reading has three states of " + STATE + " and " + Cues.size()
                    + " cues, not " + body.length + ", " + opening.length + ", " + lower.length + ", " + cues.length);
        }
    }

    /** Tells how many numbers a reading has. */
    public static int size() {
        return 3 * STATE + Cues.size();
    }

    /** Gives all of its numbers in one row. */
    public float[] row() {
        float[] row = new float[size()];
        System.arraycopy(body, 0, row, 0, STATE);
        System.arraycopy(opening, 0, row, STATE, STATE);
        System.arraycopy(lower, 0, row, 2 * STATE, STATE);
        System.arraycopy(cues, 0, row, 3 * STATE, cues.length);
        return row;
    }
}
