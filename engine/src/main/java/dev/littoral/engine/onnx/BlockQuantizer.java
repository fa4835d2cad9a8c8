package dev.littoral.engine.onnx;

/**
 * Rounds rows of weights to 8 or 4 bits, symmetric around zero, with one scale for each block.
 *
 * <p>A number q of b bits stands for {@code (q - 2^(b-1)) * scale}. At 8 bits the largest magnitude maps to 127; at 4
 * bits the weight of largest magnitude maps to -8, whose sign the scale takes, so that all 16 steps are used.
 */
final class BlockQuantizer {

    private final int bits;
    private final int blockSize;
    private final int zero;

    BlockQuantizer(int bits, int blockSize) {
        this.bits = bits;
        this.blockSize = blockSize;
        this.zero = 1 << (bits - 1);
    }

    int blocks(int columns) {
        return (columns + blockSize - 1) / blockSize;
    }

    int packedBytes(int columns) {
        return blocks(columns) * blockSize * bits / 8;
    }

    /**
     * Rounds one row.
     *
     * @param packed takes {@link #packedBytes}; low bits first; a short last block is filled with zeros
     * @param scales takes one number for each block from {@code firstScale} on
     */
    void quantize(float[] row, byte[] packed, float[] scales, int firstScale) {
        for (int block = 0; block < blocks(row.length); block++) {
            int from = block * blockSize;
            int to = Math.min(row.length, from + blockSize);
            float scale = scale(row, from, to);
            scales[firstScale + block] = scale;
            for (int i = 0; i < blockSize; i++) {
                int rounded = from + i < to ? Math.round(row[from + i] / scale) + zero : zero;
                put(packed, from + i, Math.clamp(rounded, 0, 2 * zero - 1));
            }
        }
    }

    private float scale(float[] row, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            if (Math.abs(row[i]) > Math.abs(largest)) {
                largest = row[i];
            }
        }
        float scale = bits == 8 ? Math.abs(largest) / 127 : -largest / zero;
        // All zeros, or numbers too small for a scale: any scale stands for them as well.
        return Math.abs(scale) < Float.MIN_NORMAL ? Float.MIN_NORMAL : scale;
    }

    private void put(byte[] packed, int index, int value) {
        if (bits == 8) {
            packed[index] = (byte) value;
        } else if (index % 2 == 0) {
            packed[index / 2] = (byte) value;
        } else {
            packed[index / 2] |= (byte) (value << 4);
        }
    }
}
