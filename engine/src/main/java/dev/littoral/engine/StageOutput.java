package dev.littoral.engine;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** What leaves a stage. */
public sealed interface StageOutput {

    /**
     * Holds the hidden states of all rows, for the next stage.
     *
     * @param f32le rows x hidden size, float32 little-endian, from the buffer's position to its limit
     */
    record Activations(ByteBuffer f32le, int rows) implements StageOutput {}

    /**
     * Holds one logit for each word of the vocabulary, of each row that logits were asked of.
     *
     * @param values rows x vocabulary, from the buffer's position to its limit
     */
    record Logits(FloatBuffer values, int rows) implements StageOutput {

        /** Gives the logits of one row, counted from the first that logits were asked of. */
        public FloatBuffer row(int row) {
            int size = values.remaining() / rows;
            return values.slice(values.position() + row * size, size);
        }

        /** Gives the logits of the last row. */
        public FloatBuffer lastRow() {
            return row(rows - 1);
        }
    }
}
