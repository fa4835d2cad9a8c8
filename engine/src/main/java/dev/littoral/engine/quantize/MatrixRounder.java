package dev.littoral.engine.quantize;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.DataType;
import dev.littoral.engine.Rounding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** Brings matrices to their bits band by band, on all threads of a crew; holds no more than a band for each. */
public final class MatrixRounder {

    /** Numbers that are read at once: a part of each row of a band fits the nearest cache. */
    private static final int CHUNK = 256;

    private final Crew crew;
    private final Sink sink;
    private final Rounding rounding;
    private final Blocks blocks;

    /** Makes one that writes to {@code sink}. */
    public MatrixRounder(Crew crew, Sink sink, Rounding rounding, Blocks blocks) {
        this.crew = crew;
        this.sink = sink;
        this.rounding = rounding;
        this.blocks = blocks;
    }

    /** Offsets of a matrix's parts, in bytes; zero points count only where blocks are not symmetric. */
    public record Place(long weights, long scales, long zeroPoints) {}

    /**
     * Rounds a matrix to 8, 4 or 2 bits.
     *
     * @param inputs what calibration says of what the matrix is multiplied by
     */
    public void round(StackedRows matrix, int bits, Optional<Inputs> inputs, Place place) throws IOException {
        int columns = matrix.columns();
        float[] importance = inputs.map(Inputs::importance).orElseGet(() -> ones(columns));
        Optional<Feedback> feedback = rounding == Rounding.TUNED ? inputs.map(Inputs::feedback) : Optional.empty();
        int rows = Steps.rowsOf(matrix.rows(), columns);
        crew.run(matrix.rows(), rows, () -> {
            Band band = new Band(bits, blocks, rounding, rows, columns);
            float[] chunk = new float[CHUNK];
            ByteBuffer scales = ByteBuffer.allocate(4 * band.scales.length).order(ByteOrder.LITTLE_ENDIAN);
            int inRow = Math.toIntExact(blocks.inRow(columns));
            return (first, count) -> {
                fill(band, matrix, first, count, chunk);
                band.round(importance, feedback);
                if (band.notFinite().isPresent()) {
                    throw matrix.notFinite(first + band.notFinite().getAsInt());
                }
                sink.put(
                        place.weights() + first * band.rowBytes(),
                        ByteBuffer.wrap(band.packed, 0, count * band.rowBytes()));
                scales.clear().asFloatBuffer().put(band.scales, 0, count * inRow);
                sink.put(place.scales() + 4 * first * inRow, scales.limit(4 * count * inRow));
                if (!blocks.symmetric()) {
                    sink.put(
                            place.zeroPoints() + first * band.zeroPointBytes(),
                            ByteBuffer.wrap(band.zeroPoints, 0, count * band.zeroPointBytes()));
                }
            };
        });
    }

    private static float[] ones(int columns) {
        float[] ones = new float[columns];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static void fill(Band band, StackedRows matrix, long first, int count, float[] chunk) {
        for (int from = 0; from < matrix.columns(); from += CHUNK) {
            int numbers = Math.min(CHUNK, matrix.columns() - from);
            for (int lane = 0; lane < count; lane++) {
                matrix.read(first + lane, from, chunk, numbers);
                band.put(lane, from, chunk, numbers);
            }
        }
        band.clearFrom(count);
    }

    /**
     * Writes a matrix in a type that has no blocks.
     *
     * @param type F32, F16 or BF16; the last takes the nearest number, halves to even
     */
    public void whole(StackedRows matrix, DataType type, long offset) throws IOException {
        int columns = matrix.columns();
        int rows = Steps.rowsOf(matrix.rows(), columns);
        crew.run(matrix.rows(), rows, () -> {
            float[] row = new float[columns];
            ByteBuffer bytes =
                    ByteBuffer.allocate(rows * columns * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            return (first, count) -> {
                bytes.clear();
                for (int i = 0; i < count; i++) {
                    matrix.read(first + i, 0, row, columns);
                    put(bytes, row, type);
                }
                sink.put(offset + first * columns * type.bytes(), bytes.flip());
            };
        });
    }

    private static void put(ByteBuffer bytes, float[] row, DataType type) {
        switch (type) {
            case F32 -> {
                bytes.asFloatBuffer().put(row);
                bytes.position(bytes.position() + 4 * row.length);
            }
            case F16 -> {
                for (float number : row) {
                    bytes.putShort(Float.floatToFloat16(number));
                }
            }
            case BF16 -> {
                for (float number : row) {
                    bytes.putShort(bfloat16(number));
                }
            }
            default -> throw new IllegalArgumentException(type + " holds no weights");
        }
    }

    private static short bfloat16(float number) {
        int bits = Float.floatToIntBits(number);
        return (short) (Float.isNaN(number) ? bits >>> 16 : (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
    }
}
