package dev.littoral.checkpoint;

import java.util.List;

/**
 * What planning must know of a model: how many bytes each part takes at which width.
 *
 * @param embeddingElementBytes bytes of one number of the embedding as it is stored
 * @param storedBytes bytes of all tensors in the checkpoint
 * @param storedParameters numbers in all tensors of the checkpoint; a tied head is not counted twice
 */
public record ModelShape(ModelConfig config, int embeddingElementBytes, long storedBytes, long storedParameters) {

    /** Counts the layers. */
    public int layers() {
        return config.layers();
    }

    /** Lists the matrices of each layer: query with key and value, output, gate, up, down. */
    public List<MatrixShape> layerMatrices() {
        long hidden = config.hiddenSize();
        long queries = (long) config.heads() * config.headDim();
        return List.of(
                new MatrixShape(queries + 2L * config.kvHeads() * config.headDim(), hidden),
                new MatrixShape(hidden, queries),
                new MatrixShape(config.ffnSize(), hidden),
                new MatrixShape(config.ffnSize(), hidden),
                new MatrixShape(hidden, config.ffnSize()));
    }

    /** Gives the matrix of the output head. */
    public MatrixShape headMatrix() {
        return new MatrixShape(config.vocabularySize(), config.hiddenSize());
    }

    /** Counts the weights of each layer, its two norms included. */
    public long layerParameters() {
        return layerMatrices().stream().mapToLong(MatrixShape::parameters).sum() + 2L * config.hiddenSize();
    }

    /** Counts the bytes of each layer at a bit width (32, 8 or 4); the norms stay at 32. */
    public long layerBytes(int bits, int blockSize) {
        return layerMatrices().stream()
                        .mapToLong(matrix -> matrix.bytes(bits, blockSize))
                        .sum()
                + 2L * config.hiddenSize() * 4;
    }

    /** Counts the bytes of the embedding, which the first stage reads as it is stored. */
    public long embeddingBytes() {
        return headMatrix().parameters() * embeddingElementBytes;
    }

    /** Counts the bytes of the output head at a bit width, with the norm before it; the last stage holds it. */
    public long headBytes(int bits, int blockSize) {
        return headMatrix().bytes(bits, blockSize) + config.hiddenSize() * 4L;
    }

    /** Counts the bytes that one token of one sequence takes in the cache of each layer: keys and values at 32 bits. */
    public long kvBytesPerTokenAndLayer() {
        return 2L * config.kvHeads() * config.headDim() * 4;
    }

    /** Counts the multiplications with additions that each layer needs for one token, without attention's own. */
    public long layerMultiplications() {
        return layerMatrices().stream().mapToLong(MatrixShape::parameters).sum();
    }
}
