package dev.littoral.checkpoint;

import java.util.Set;

/**
 * The memory that a stage takes, beside the Java process itself. The embedding takes none: the first stage reads its
 * rows from the checkpoint's file.
 *
 * @param weightBytes matrices, norms and positions, and the output head in the last stage
 * @param kvBytes keys and values of all slots at full context
 * @param activationBytes what one step needs on its way, at most, with logits of one row of each slot
 * @param tokenizerBytes words and merges in the tokenizers library, in the first stage
 * @param runtimeBytes the native runtime itself
 */
public record StageFootprint(
        long weightBytes, long kvBytes, long activationBytes, long tokenizerBytes, long runtimeBytes) {

    /** Rows that one step of a stage takes at most; longer inputs are run in several steps. */
    public static final int STEP_ROWS = 128;

    /** Bit widths that a matrix can have. */
    public static final Set<Integer> WIDTHS = Set.of(32, 16, 8, 4, 2);

    /** Bit widths that the cache of keys and values can have. */
    public static final Set<Integer> KV_WIDTHS = Set.of(32, 16, 8);

    /** Numbers of weights that can share a scale. */
    public static final Set<Integer> BLOCKS = Set.of(32, 64, 128);

    /**
     * ONNX Runtime 1.29 with its code and the Java code that drives it, as a process grows beyond the sum of the rest,
     * and one large page of 2 MiB that the heap ends in.
     */
    private static final long RUNTIME_BYTES = 30L << 20;

    /**
     * Sums up the stage of layers {@code [firstLayer, firstLayer + quantization.count())}.
     *
     * @param kvBits one of {@link #KV_WIDTHS}
     */
    public static StageFootprint of(
            ModelShape shape, int firstLayer, Quantization quantization, int kvBits, int contextTokens, int slots) {
        ModelConfig config = shape.config();
        Blocks blocks = quantization.blocks();
        boolean last = firstLayer + quantization.count() == shape.layers();
        long weights = shape.positionBytes(contextTokens)
                + (last ? shape.headResidentBytes(quantization.headBits(), blocks) : 0);
        for (LayerBits layer : quantization.layers()) {
            weights += shape.layerResidentBytes(layer, blocks);
        }
        long kv = shape.kvBytesPerTokenAndLayer(kvBits) * quantization.count() * contextTokens * slots;
        long tokenizer = firstLayer == 0 ? shape.tokenizerBytes() : 0;
        return new StageFootprint(
                weights,
                kv,
                activations(config, last, contextTokens, slots) + (kvBits == 16 ? halves(config, contextTokens) : 0),
                tokenizer,
                RUNTIME_BYTES);
    }

    /**
     * Attention over a cache of 16 bits takes what it reads and gives at 16 bits, and computes with 32: each thread
     * widens the keys of a head, then its values, and there are at most as many threads at it as heads.
     */
    private static long halves(ModelConfig config, int contextTokens) {
        long rows = Math.min(STEP_ROWS, contextTokens);
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        return rows * (3 * queries + 2 * keys) * 2 + queries * (rows + contextTokens) * 4;
    }

    private static long activations(ModelConfig config, boolean last, int contextTokens, int slots) {
        long rows = Math.min(STEP_ROWS, contextTokens);
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        boolean headNorms = config.blueprint().has(Trait.HEAD_NORMS);
        long perRow = 6L * config.hiddenSize()
                + (headNorms ? 5 : 3) * queries
                + (headNorms ? 5 : 2) * keys
                + 4L * config.ffnSize()
                + (long) config.heads() * contextTokens;
        // the last stage keeps logits, and computes on the way how far they are from the largest, and their weights
        long perSlot = rows * config.hiddenSize() * 2 + (last ? 3L * config.vocabularySize() : 0);
        return (perRow * rows + perSlot * slots) * 4;
    }

    /** Counts all of it. */
    public long totalBytes() {
        return loadBytes() + tokenizerBytes;
    }

    /** Counts what loading the stage adds; the tokenizer is read before, so that what reading it takes is free again. */
    public long loadBytes() {
        return weightBytes + kvBytes + activationBytes + runtimeBytes;
    }
}
