package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.LlamaTensors;
import dev.littoral.checkpoint.Tensor;
import java.nio.FloatBuffer;

/** Looks tokens up in the mapped checkpoint: rows that nobody asks for never come into memory. */
final class Embedding {

    private final Tensor table;
    private final int vocabularySize;
    private final float[] row;

    /** Makes one that a single thread uses at a time. */
    Embedding(Checkpoint checkpoint) {
        this.table = checkpoint.tensor(LlamaTensors.EMBEDDING);
        this.vocabularySize = checkpoint.config().vocabularySize();
        this.row = new float[checkpoint.config().hiddenSize()];
    }

    /** Checks that every token is in the vocabulary. */
    void require(int[] tokens) {
        for (int token : tokens) {
            if (token < 0 || token >= vocabularySize) {
                throw new IllegalArgumentException(
                        "token " + token + " is not in the vocabulary of " + vocabularySize + " tokens");
            }
        }
    }

    void read(int token, FloatBuffer target) {
        table.read((long) token * row.length, row);
        target.put(row);
    }
}
