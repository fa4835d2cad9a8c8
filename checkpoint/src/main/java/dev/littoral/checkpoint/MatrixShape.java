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
     * Counts the bytes at a bit width: whole blocks, and a four-byte scale for each.
     *
     * @param bits 32, 8 or 4; at 32 there are no blocks
     * @param blockSize weights of one row that share a scale
     */
    public long bytes(int bits, int blockSize) {
        if (bits == 32) {
            return Math.multiplyExact(parameters(), 4L);
        }
        long blocks = rows * ((columns + blockSize - 1) / blockSize);
        return blocks * blockSize * bits / 8 + blocks * 4;
    }
}
