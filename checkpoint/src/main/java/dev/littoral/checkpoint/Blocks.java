package dev.littoral.checkpoint;

/**
 * Weights of one row that share a scale.
 *
 * @param size 32, 64 or 128; a row's last block is filled up with zeros
 * @param symmetric around zero; otherwise a zero point of as many bits as a weight stands beside the scale
 */
public record Blocks(int size, boolean symmetric) {

    /** Refuses sizes that the runtime is slow at or does not know. */
    public Blocks {
        if (!StageFootprint.BLOCKS.contains(size)) {
            throw new IllegalArgumentException("block size is " + size + " but must be 32, 64 or 128");
        }
    }

    /** Counts the blocks of a row. */
    public long inRow(long columns) {
        return (columns + size - 1) / size;
    }

    /** Counts the bytes of a row's zero points. */
    public long zeroPointBytes(long columns, int bits) {
        return symmetric ? 0 : (inRow(columns) * bits + 7) / 8;
    }
}
