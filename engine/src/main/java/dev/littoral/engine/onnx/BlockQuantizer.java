package dev.littoral.engine.onnx;

/**
 * Rounds rows of weights to 8 or 4 bits, symmetric around zero, with one scale for each block.
 *
 * <p>A number q of b bits stands for {@code (q - 2^(b-1)) * scale}. At 8 bits the largest magnitude maps to 127; at 4
 * bits the weight of largest magnitude maps to -8, whose sign the scale takes, so that all 16 steps are used.
 */
final class BlockQuantizer {

    /** Added and taken away again, it leaves the nearest whole number of a float below 2^22. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final int CANDIDATES = Integer.getInteger("cand", 9);
    private static final float STEP = Float.parseFloat(System.getProperty("stp","0.1"));

    private final int bits;
    private final int blockSize;
    private final int zero;
    private final int candidates;
    private float products;
    private float squares;

    BlockQuantizer(int bits, int blockSize) {
        this.bits = bits;
        this.blockSize = blockSize;
        this.zero = 1 << (bits - 1);
        this.candidates = bits == 8 ? 0 : CANDIDATES;
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

    /**
     * Finds the scale with the least squared error of the block's weights.
     *
     * <p>The scale that maps the largest weight to the end of the range is stretched and shrunk in steps, on the side of
     * either sign; for the numbers that each candidate rounds to, the best scale is {@code sum(w q) / sum(q q)}, whose
     * error is {@code sum(w w) - sum(w q)^2 / sum(q q)}.
     */
    private float scale(float[] row, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(row[i]));
        }
        // All zeros, or numbers too small for a scale: any scale stands for them as well.
        if (largest / zero < Float.MIN_NORMAL) {
            return Float.MIN_NORMAL;
        }
        float best = 0;
        float explained = -1;
        for (int candidate = -candidates; candidate <= candidates; candidate++) {
            float inverse = (zero + STEP * candidate) / largest;
            for (int sign = -1; sign <= 1; sign += 2) {
                fit(row, from, to, sign * inverse);
                if (products * products > explained * squares) {
                    explained = products * products / squares;
                    best = products / squares;
                }
            }
        }
        return best;
    }

    private void fit(float[] row, int from, int to, float inverse) {
        float least = -zero;
        float most = zero - 1f;
        float sum = 0;
        float sumOfSquares = 0;
        for (int i = from; i < to; i++) {
            float rounded = Math.clamp(row[i] * inverse + ROUNDER - ROUNDER, least, most);
            sum += row[i] * rounded;
            sumOfSquares += rounded * rounded;
        }
        products = sum;
        squares = sumOfSquares;
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
