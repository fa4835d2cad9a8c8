package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.Tensor;
import dev.littoral.checkpoint.TensorNames;
import dev.littoral.checkpoint.Trait;
import java.nio.FloatBuffer;

/** Looks tokens up in the mapped checkpoint: rows that nobody asks for never come into memory. */
final class Embedding {

    private final Tensor table;
    private final int vocabularySize;
    private final float scale;
    private final float[] row;

    /** Makes one that a single thread uses at a time. */
    Embedding(Checkpoint checkpoint) {
        this.table = checkpoint.tensor(TensorNames.EMBEDDING);
        this.vocabularySize = checkpoint.config().vocabularySize();
        this.scale = checkpoint.config().blueprint().has(Trait.SCALED_EMBEDDING)
                ? (float) Math.sqrt(checkpoint.config().hiddenSize())
                : 1;
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
        if (scale != 1) {
            for (int i = 0; i < row.length; i++) {
                row[i] *= scale;
            }
        }
        target.put(row);
    }
}
