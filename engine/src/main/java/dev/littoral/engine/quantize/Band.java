package dev.littoral.engine.quantize;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.engine.Rounding;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Rounds some rows of a matrix at once, to 8, 4 or 2 bits. One thread uses it at a time.
 *
 * <p>A row is stored as whole blocks, low bits first, the last filled up with zeros; its scales and, where the blocks
 * are not symmetric, its zero points follow the same order, the latter packed as the weights are and each row on bytes
 * of its own: the layout of ONNX Runtime's {@code MatMulNBits}.
 */
final class Band {

    private final int bits;
    private final Blocks blocks;
    private final int columns;
    private final int inRow;
    private final Steps steps;
    private final float[][] lanes;
    private final byte[] codes;
    private final int rows;
    private final int[] wholes;
    private final float[][] errors;

    /** Rows of packed weights, one after another. */
    final byte[] packed;

    /** Scales of each row's blocks, one row after another. */
    final float[] scales;

    /** Packed zero points of each row's blocks, one row after another; empty where blocks are symmetric. */
    final byte[] zeroPoints;

    /**
     * Makes one for so many rows at once.
     *
     * @param rows as {@link Steps#rowsOf} has it
     */
    Band(int bits, Blocks blocks, Rounding rounding, int rows, int columns) {
        this.rows = rows;
        this.wholes = new int[rows];
        this.bits = bits;
        this.blocks = blocks;
        this.columns = columns;
        this.inRow = Math.toIntExact(blocks.inRow(columns));
        this.steps = new Steps(bits, blocks.symmetric(), rounding, rows);
        this.lanes = new float[columns][rows];
        this.codes = new byte[blocks.size() * rows];
        this.errors = new float[blocks.size()][rows];
        this.packed = new byte[rows * rowBytes()];
        this.scales = new float[rows * inRow];
        this.zeroPoints = new byte[rows * zeroPointBytes()];
    }

    int rowBytes() {
        return inRow * blocks.size() * bits / 8;
    }

    int zeroPointBytes() {
        return Math.toIntExact(blocks.zeroPointBytes(columns, bits));
    }

    /** Takes a part of a row, at most as long as the row. */
    void put(int lane, int firstColumn, float[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            lanes[firstColumn + i][lane] = numbers[i];
        }
    }

    /** Gives a row of the last that were rounded in which a weight is not a finite number. */
    OptionalInt notFinite() {
        return steps.notFinite();
    }

    /** Fills the lanes from {@code from} on with zeros. */
    void clearFrom(int from) {
        for (int c = 0; c < columns; c++) {
            Arrays.fill(lanes[c], from, rows, 0);
        }
    }

    /**
     * Rounds all lanes.
     *
     * @param importance of each column
     * @param feedback that moves later columns, if there is one
     */
    void round(float[] importance, Optional<Feedback> feedback) {
        Arrays.fill(zeroPoints, (byte) 0);
        for (int block = 0; block < inRow; block++) {
            int from = block * blocks.size();
            int to = Math.min(columns, from + blocks.size());
            steps.choose(lanes, from, to, importance, 0);
            if (feedback.isPresent()) {
                roundInTurn(from, to, feedback.get());
            } else {
                for (int c = from; c < to; c++) {
                    encode(lanes[c], errors[c - from], (c - from) * rows);
                }
            }
            store(block, to - from);
        }
    }

    private void roundInTurn(int from, int to, Feedback feedback) {
        for (int c = from; c < to; c++) {
            encode(lanes[c], errors[c - from], (c - from) * rows);
            int end = Math.min(to, feedback.end(c));
            for (int later = c + 1; later < end; later++) {
                move(lanes[later], errors[c - from], feedback.factor(c, later));
            }
        }
        for (int c = from; c < to; c += 4) {
            if (c + 4 <= to && feedback.end(c) == feedback.end(c + 3)) {
                for (int later = to; later < feedback.end(c); later++) {
                    move(
                            lanes[later],
                            c - from,
                            feedback.factor(c, later),
                            feedback.factor(c + 1, later),
                            feedback.factor(c + 2, later),
                            feedback.factor(c + 3, later));
                }
            } else {
                for (int one = c; one < Math.min(c + 4, to); one++) {
                    for (int later = to; later < feedback.end(one); later++) {
                        move(lanes[later], errors[one - from], feedback.factor(one, later));
                    }
                }
            }
        }
    }

    private void encode(float[] column, float[] error, int codeAt) {
        int span = steps.span();
        int[] leasts = steps.least;
        float[] inverses = steps.inverse;
        float[] scales = steps.scale;
        for (int l = 0; l < rows; l++) {
            int rounded = (int) ((column[l] * inverses[l] + Steps.ROUNDS) - Steps.ROUNDS);
            int whole = Math.max(leasts[l], Math.min(leasts[l] + span, rounded));
            error[l] = column[l] - (float) whole * scales[l];
            wholes[l] = whole - leasts[l];
        }
        for (int l = 0; l < rows; l++) {
            codes[codeAt + l] = (byte) wholes[l];
        }
    }

    private static void move(float[] column, float[] error, float factor) {
        for (int l = 0; l < column.length; l++) {
            column[l] -= factor * error[l];
        }
    }

    private void move(float[] column, int first, float f0, float f1, float f2, float f3) {
        move(column, errors[first], errors[first + 1], errors[first + 2], errors[first + 3], f0, f1, f2, f3);
    }

    private static void move(
            float[] column, float[] e0, float[] e1, float[] e2, float[] e3, float f0, float f1, float f2, float f3) {
        for (int l = 0; l < column.length; l++) {
            column[l] -= f0 * e0[l] + f1 * e1[l] + f2 * e2[l] + f3 * e3[l];
        }
    }

    private void store(int block, int count) {
        int perByte = 8 / bits;
        int blockBytes = blocks.size() / perByte;
        for (int c = count; c < blocks.size(); c++) {
            for (int l = 0; l < rows; l++) {
                codes[c * rows + l] = (byte) -steps.least[l];
            }
        }
        for (int l = 0; l < rows; l++) {
            scales[l * inRow + block] = steps.scale[l];
            if (zeroPoints.length > 0) {
                zeroPoints[l * zeroPointBytes() + block / perByte] |=
                        (byte) (-steps.least[l] << ((block % perByte) * bits));
            }
            int at = l * rowBytes() + block * blockBytes;
            switch (bits) {
                case 8 -> {
                    for (int i = 0; i < blockBytes; i++) {
                        packed[at + i] = codes[i * rows + l];
                    }
                }
                case 4 -> {
                    for (int i = 0; i < blockBytes; i++) {
                        packed[at + i] = (byte) (codes[2 * i * rows + l] | (codes[(2 * i + 1) * rows + l] << 4));
                    }
                }
                case 2 -> {
                    for (int i = 0; i < blockBytes; i++) {
                        int first = 4 * i * rows + l;
                        packed[at + i] = (byte) (codes[first]
                                | (codes[first + rows] << 2)
                                | (codes[first + 2 * rows] << 4)
                                | (codes[first + 3 * rows] << 6));
                    }
                }
                default -> throw new IllegalStateException(bits + " bits have no blocks");
            }
        }
    }
}
