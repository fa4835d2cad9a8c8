package dev.littoral.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.engine.Rounding;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BandTest {

    private static final int COLUMNS = 200;

    @ParameterizedTest
    @CsvSource({
        "8, 32, true",
        "8, 128, false",
        "4, 32, true",
        "4, 64, false",
        "4, 128, true",
        "2, 32, false",
        "2, 64, true"
    })
    void everyWeightGoesToTheNearestStepThatItsBlockHas(int bits, int blockSize, boolean symmetric) {
        Blocks blocks = new Blocks(blockSize, symmetric);
        for (Rounding rounding : Rounding.values()) {
            Band band = new Band(bits, blocks, rounding, 64, COLUMNS);
            float[][] rows = rows(40, 1);
            fill(band, rows);
            band.round(ones(), Optional.empty());
            for (int lane = 0; lane < rows.length; lane++) {
                for (int c = 0; c < COLUMNS; c++) {
                    float scale = band.scales[lane * inRow(blocks) + c / blockSize];
                    float nearest = Float.MAX_VALUE;
                    for (int code = 0; code < 1 << bits; code++) {
                        nearest = Math.min(
                                nearest,
                                Math.abs((code - zero(band, bits, blocks, lane, c / blockSize)) * scale
                                        - rows[lane][c]));
                    }
                    float restored = restored(band, bits, blocks, lane, c);
                    assertThat(Math.abs(restored - rows[lane][c])).isCloseTo(nearest, within(2e-5f));
                }
            }
        }
    }

    @Test
    void lowBitsComeFirstAndAShortBlockEndsWithZeros() {
        Blocks blocks = new Blocks(32, true);
        Band band = new Band(4, blocks, Rounding.ABSMAX, 64, 3);
        band.put(0, 0, new float[] {-8, 7, 1}, 3);
        float[] importance = {1, 1, 1};
        band.round(importance, Optional.empty());
        // -8 is 0, 7 is 15, 1 is 9, and 8 stands for zero
        assertThat(band.packed[0]).isEqualTo((byte) 0xF0);
        assertThat(band.packed[1]).isEqualTo((byte) 0x89);
        assertThat(Arrays.copyOfRange(band.packed, 2, 16)).containsOnly((byte) 0x88);
    }

    @Test
    void feedbackLowersTheErrorOfWhatComesOut() {
        // inputs that move together: what one weight loses another can make up for
        SplittableRandom random = new SplittableRandom(3);
        Products products = new Products(COLUMNS, 128);
        float[][] inputs = new float[400][COLUMNS];
        for (float[] input : inputs) {
            float common = (float) random.nextGaussian();
            for (int c = 0; c < COLUMNS; c++) {
                input[c] = common + 0.3f * (float) random.nextGaussian();
            }
            products.add(input);
        }
        Inputs seen = Inputs.of(Triangles.squares(products.triangles(), COLUMNS, 128), 128);
        float[][] rows = rows(64, 4);
        double without = outputError(rows, inputs, seen.importance(), Optional.empty());
        double with = outputError(rows, inputs, seen.importance(), Optional.of(seen.feedback()));
        assertThat(with).isLessThan(without / 3);
    }

    @Test
    void feedbackIsWhatTheInverseOfTheProductsAsksFor() {
        // H = [[4, 2], [2, 3]] and a damping of 0.035: by Schur's complement U01/U00 = H^-1[0][1]/H^-1[0][0] = -2/3.035
        Feedback feedback = Feedback.of(new float[][] {{4, 2, 2, 3}}, 2);
        assertThat(feedback.factor(0, 1)).isCloseTo(-2 / 3.035f, within(1e-6f));
        assertThat(feedback.end(0)).isEqualTo(2);
    }

    private static double outputError(
            float[][] rows, float[][] inputs, float[] importance, Optional<Feedback> feedback) {
        Blocks blocks = new Blocks(32, true);
        Band band = new Band(4, blocks, Rounding.TUNED, 64, COLUMNS);
        fill(band, rows);
        band.round(importance, feedback);
        double error = 0;
        for (int lane = 0; lane < rows.length; lane++) {
            for (float[] input : inputs) {
                double off = 0;
                for (int c = 0; c < COLUMNS; c++) {
                    off += input[c] * (restored(band, 4, blocks, lane, c) - rows[lane][c]);
                }
                error += off * off;
            }
        }
        return error;
    }

    private static float restored(Band band, int bits, Blocks blocks, int lane, int column) {
        int perByte = 8 / bits;
        int code =
                band.packed[lane * band.rowBytes() + column / perByte] >> (column % perByte * bits) & (1 << bits) - 1;
        int block = column / blocks.size();
        return (code - zero(band, bits, blocks, lane, block)) * band.scales[lane * inRow(blocks) + block];
    }

    private static int zero(Band band, int bits, Blocks blocks, int lane, int block) {
        if (blocks.symmetric()) {
            return 1 << (bits - 1);
        }
        int perByte = 8 / bits;
        return band.zeroPoints[lane * band.zeroPointBytes() + block / perByte] >> (block % perByte * bits)
                & (1 << bits) - 1;
    }

    private static int inRow(Blocks blocks) {
        return (int) blocks.inRow(COLUMNS);
    }

    private static void fill(Band band, float[][] rows) {
        for (int lane = 0; lane < rows.length; lane++) {
            band.put(lane, 0, rows[lane], COLUMNS);
        }
    }

    private static float[] ones() {
        float[] ones = new float[COLUMNS];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static float[][] rows(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] rows = new float[count][COLUMNS];
        for (float[] row : rows) {
            for (int c = 0; c < COLUMNS; c++) {
                row[c] = (float) random.nextGaussian();
            }
        }
        return rows;
    }
}
