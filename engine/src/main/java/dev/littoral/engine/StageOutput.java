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

    /** Holds one logit for each word of the vocabulary, of the last row. */
    record Logits(FloatBuffer lastRow) implements StageOutput {}
}
