package dev.littoral.engine;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Optional;

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
     * @param summaries what {@link LogitBlocks} says is told of the rows: rows x figures, all largest logits of a row
     *     before all its sums, from the buffer's position to its limit; nothing where the stage does not tell
     */
    record Logits(FloatBuffer values, int rows, Optional<FloatBuffer> summaries) implements StageOutput {

        /** Makes one of which nothing is told. */
        public Logits(FloatBuffer values, int rows) {
            this(values, rows, Optional.empty());
        }

        /** Gives the logits of one row, counted from the first that logits were asked of. */
        public FloatBuffer row(int row) {
            return part(values, row);
        }

        /** Gives what is told of one row. */
        Optional<FloatBuffer> summary(int row) {
            return summaries.map(all -> part(all, row));
        }

        private FloatBuffer part(FloatBuffer all, int row) {
            int size = all.remaining() / rows;
            return all.slice(all.position() + row * size, size);
        }

        /** Gives the logits of the last row. */
        public FloatBuffer lastRow() {
            return row(rows - 1);
        }
    }
}
