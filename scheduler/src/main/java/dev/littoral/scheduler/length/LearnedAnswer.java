package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.Features;
import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.PromptReading;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * One answer as schedulers share it: the features of its prompt, never its words, and its length.
 *
 * @param promptTokens length of the prompt
 */
public record LearnedAnswer(Features features, double promptTokens, Label label) {

    private static final byte VERSION = 2;
    private static final int SLOTS = 512;
    private static final int HEADER = 2 + Integer.BYTES + Double.BYTES;

    /**
     * Gives the slot in which it is kept, of {@value #SLOTS}: chosen by the prompt, so that the compacted topic holds no
     * more than so many answers of a deployment, however many schedulers there are.
     */
    int slot() {
        return Math.floorMod(features.hashCode(), SLOTS);
    }

    /** Writes version, kind of label, tokens, prompt tokens, features. */
    byte[] write() {
        return ByteBuffer.allocate(HEADER + features.steps().length)
                .put(VERSION)
                .put((byte) (label instanceof Label.CutAt ? 1 : 0))
                .putInt(label.tokens())
                .putDouble(promptTokens)
                .put(features.steps())
                .array();
    }

    /** Reads one; empty when it is of another version, or of other features than this scheduler's. */
    static Optional<LearnedAnswer> read(byte[] bytes) {
        if (bytes.length != HEADER + PromptReading.size() || bytes[0] != VERSION) {
            return Optional.empty();
        }
        boolean cut = bytes[1] == 1;
        ByteBuffer rest = ByteBuffer.wrap(bytes, 2, HEADER - 2);
        int tokens = rest.getInt();
        double promptTokens = rest.getDouble();
        if (tokens < 0 || !(promptTokens >= 0 && promptTokens < Double.POSITIVE_INFINITY)) {
            return Optional.empty();
        }
        return Optional.of(new LearnedAnswer(
                new Features(Arrays.copyOfRange(bytes, HEADER, bytes.length)),
                promptTokens,
                cut ? new Label.CutAt(tokens) : new Label.Ended(tokens)));
    }
}
