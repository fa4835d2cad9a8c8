package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.Tensor;
import dev.littoral.checkpoint.TensorNames;
import dev.littoral.checkpoint.Trait;
import dev.littoral.engine.EngineException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;

/**
 * Looks tokens up in the checkpoint's file, row by row: a mapped table would count as the process's memory page by page
 * until all of it does, while the system's cache of the file can be taken back at any time.
 */
final class Embedding implements AutoCloseable {

    private final Tensor table;
    private final int vocabularySize;
    private final float scale;
    /** Not a channel, which the interruption of one reader would close for all. */
    private final RandomAccessFile file;

    private final byte[] bytes;
    private final Tensor stored;
    private final float[] row;

    /**
     * Makes one that a single thread uses at a time.
     *
     * @throws EngineException when the file is gone
     */
    Embedding(Checkpoint checkpoint) {
        this.table = checkpoint.tensor(TensorNames.EMBEDDING);
        this.vocabularySize = checkpoint.config().vocabularySize();
        this.scale = checkpoint.config().blueprint().has(Trait.SCALED_EMBEDDING)
                ? (float) Math.sqrt(checkpoint.config().hiddenSize())
                : 1;
        this.row = new float[checkpoint.config().hiddenSize()];
        this.bytes = new byte[row.length * table.info().dtype().bytes()];
        this.stored = new Tensor(table.file(), table.name(), table.info(), MemorySegment.ofArray(bytes));
        try {
            this.file =
                    new RandomAccessFile(checkpoint.file(TensorNames.EMBEDDING).toFile(), "r");
        } catch (FileNotFoundException e) {
            throw new EngineException("the embedding cannot be read: " + e.getMessage(), e);
        }
    }

    /** Has the system read the table beforehand, so that no look-up waits for the disk. */
    void cache() {
        table.cache();
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

    /**
     * Puts a token's row.
     *
     * @throws EngineException when the file can no longer be read
     */
    void read(int token, FloatBuffer target) {
        try {
            file.seek(table.info().offset() + (long) token * bytes.length);
            file.readFully(bytes);
        } catch (IOException e) {
            throw new EngineException("the row of token " + token + " cannot be read from the checkpoint: " + e, e);
        }
        stored.read(0, row);
        if (scale != 1) {
            for (int i = 0; i < row.length; i++) {
                row[i] *= scale;
            }
        }
        target.put(row);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new EngineException("the file of the embedding is not closed: " + e, e);
        }
    }
}
