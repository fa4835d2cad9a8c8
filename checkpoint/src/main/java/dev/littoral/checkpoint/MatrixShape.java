package dev.littoral.checkpoint;

/**
 * A matrix of weights.
 *
 * @param rows outputs
 * @param columns inputs
 */
public record MatrixShape(long rows, long columns) {

    /** Counts the weights. */
    public long parameters() {
        return rows * columns;
    }

    /**
     * Counts the bytes at a bit width as they are stored: at 8 bits and fewer whole blocks, a four-byte scale for each,
     * and zero points where the blocks have them.
     *
     * @param bits one of {@link StageFootprint#WIDTHS}; at 32 and 16 there are no blocks
     */
    public long bytes(int bits, Blocks blocks) {
        if (bits >= 16) {
            return Math.multiplyExact(parameters(), bits / 8L);
        }
        return rows * blocks.inRow(columns) * (blocks.size() * bits / 8 + 4)
                + rows * blocks.zeroPointBytes(columns, bits);
    }

    /**
     * Counts the bytes of memory that the matrix takes: ONNX Runtime 1.28 computes 16 bits at 32 on the processor, and
     * as it packs fewer for x86, the scales are there once more, beside a sum of each block.
     */
    public long residentBytes(int bits, Blocks blocks) {
        return bits >= 16 ? bytes(32, blocks) : bytes(bits, blocks) + rows * blocks.inRow(columns) * 8;
    }
}
