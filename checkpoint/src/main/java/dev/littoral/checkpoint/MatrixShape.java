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
     * Counts the bytes at a bit width as they are stored: whole blocks, and a four-byte scale for each.
     *
     * @param bits 32, 8 or 4; at 32 there are no blocks
     * @param blockSize weights of one row that share a scale
     */
    public long bytes(int bits, int blockSize) {
        if (bits == 32) {
            return Math.multiplyExact(parameters(), 4L);
        }
        return blocks(blockSize) * (blockSize * bits / 8 + 4);
    }

    /**
     * Counts the bytes of memory that the matrix takes: as ONNX Runtime 1.28 packs it for x86, the scales are there
     * once more, beside a sum of each block.
     */
    public long residentBytes(int bits, int blockSize) {
        return bytes(bits, blockSize) + (bits == 32 ? 0 : blocks(blockSize) * 8);
    }

    private long blocks(int blockSize) {
        return rows * ((columns + blockSize - 1) / blockSize);
    }
}
