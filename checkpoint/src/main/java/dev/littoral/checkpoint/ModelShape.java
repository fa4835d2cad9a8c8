package dev.littoral.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongBiFunction;
import java.util.stream.Stream;

/**
 * What planning must know of a model: how many bytes each part takes at which width.
 *
 * @param embeddingElementBytes bytes of one number of the embedding as it is stored
 * @param storedBytes bytes of all tensors in the checkpoint
 * @param storedParameters numbers in all tensors of the checkpoint; a tied head is not counted twice
 */
public record ModelShape(ModelConfig config, int embeddingElementBytes, long storedBytes, long storedParameters) {

    private static final long TOKENIZER_BYTES_PER_WORD = 400;

    /** Counts the layers. */
    public int layers() {
        return config.layers();
    }

    /** Lists the matrices of each layer, in the order in which it uses them. */
    public List<MatrixShape> layerMatrices() {
        return layerTensors().filter(shape -> shape.rows() > 1).toList();
    }

    private Stream<MatrixShape> layerTensors() {
        return config.blueprint().layerTensors(config).values().stream();
    }

    /** Gives the matrix of the output head. */
    public MatrixShape headMatrix() {
        return new MatrixShape(config.vocabularySize(), config.hiddenSize());
    }

    /** Counts the weights of each layer, its norms and biases included. */
    public long layerParameters() {
        return layerTensors().mapToLong(MatrixShape::parameters).sum();
    }

    /** Counts the bytes of each layer as stored; norms and biases stay at 32 bits. */
    public long layerBytes(LayerBits bits, Blocks blocks) {
        return layerBytes(bits, (shape, width) -> shape.bytes(width, blocks));
    }

    /** Counts the bytes of memory that each layer takes. */
    public long layerResidentBytes(LayerBits bits, Blocks blocks) {
        return layerBytes(bits, (shape, width) -> shape.residentBytes(width, blocks));
    }

    private long layerBytes(LayerBits bits, ToLongBiFunction<MatrixShape, Integer> bytes) {
        long sum = 0;
        for (Map.Entry<String, MatrixShape> tensor :
                config.blueprint().layerTensors(config).entrySet()) {
            boolean matrix = tensor.getValue().rows() > 1;
            int group = Blueprint.attention(tensor.getKey()) ? bits.attention() : bits.mlp();
            sum += bytes.applyAsLong(tensor.getValue(), matrix ? group : 32);
        }
        return sum;
    }

    /** Counts the bytes of the tables that tell positions to the layers of a stage, at most. */
    public long positionBytes(int contextTokens) {
        return (long) config.blueprint().rotaryTables() * contextTokens * config.headDim() * 4;
    }

    /** Counts the bytes of the embedding, whose rows the first stage reads from the file as they are stored. */
    public long embeddingBytes() {
        return headMatrix().parameters() * embeddingElementBytes;
    }

    /**
     * Counts the bytes of memory that the tokenizer takes in the first stage: of 262,144 words with 514,906 merges 372 a
     * word, of 128,256 with 280,147 from 392 to 441, as processes grew by them.
     */
    public long tokenizerBytes() {
        return config.vocabularySize() * TOKENIZER_BYTES_PER_WORD;
    }

    /** Counts the bytes of the output head as stored at a bit width, with the norm before it; it is the last stage's. */
    public long headBytes(int bits, Blocks blocks) {
        return headMatrix().bytes(bits, blocks) + config.hiddenSize() * 4L;
    }

    /** Counts the bytes of memory that the output head takes, with the norm before it. */
    public long headResidentBytes(int bits, Blocks blocks) {
        return headMatrix().residentBytes(bits, blocks) + config.hiddenSize() * 4L;
    }

    /** Counts the bytes of a stage's layers from {@code firstLayer} on as stored, and of the head in the last stage. */
    public long preparedBytes(int firstLayer, Quantization quantization) {
        long bytes = firstLayer + quantization.count() == layers()
                ? headBytes(quantization.headBits(), quantization.blocks())
                : 0;
        for (LayerBits layer : quantization.layers()) {
            bytes += layerBytes(layer, quantization.blocks());
        }
        return bytes;
    }

    /**
     * Counts the bytes that one token of one sequence takes in the cache of each layer, keys and values.
     *
     * @param kvBits one of {@link StageFootprint#KV_WIDTHS}
     */
    public long kvBytesPerTokenAndLayer(int kvBits) {
        return 2L * config.kvHeads() * config.headDim() * (kvBits / 8);
    }

    /** Counts the multiplications with additions that each layer needs for one token, without attention's own. */
    public long layerMultiplications() {
        return layerMatrices().stream().mapToLong(MatrixShape::parameters).sum();
    }
}
