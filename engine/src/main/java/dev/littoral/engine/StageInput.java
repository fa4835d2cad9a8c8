package dev.littoral.engine;

import java.nio.ByteBuffer;

/** What enters a stage. */
public sealed interface StageInput {

    /** Counts the positions. */
    int rows();

    /** Gives token ids to the first stage. */
    @SuppressWarnings("ArrayRecordComponent") // ids go straight into native code, and nobody compares them
    record Tokens(int[] ids) implements StageInput {
        @Override
        public int rows() {
            return ids.length;
        }
    }

    /**
     * Gives hidden states to a later stage.
     *
     * @param f32le rows x hidden size, float32 little-endian, from the buffer's position to its limit
     */
    record Activations(ByteBuffer f32le, int rows) implements StageInput {}
}
