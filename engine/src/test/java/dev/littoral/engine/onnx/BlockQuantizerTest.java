package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockQuantizerTest {

    @ParameterizedTest
    @CsvSource({"8, 32", "8, 128", "4, 32", "4, 64", "4, 128"})
    void noWeightIsOffByMoreThanHalfAStep(int bits, int blockSize) {
        SplittableRandom random = new SplittableRandom(42);
        float[] row = new float[200];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian();
        }
        BlockQuantizer quantizer = new BlockQuantizer(bits, blockSize);
        byte[] packed = new byte[quantizer.packedBytes(200)];
        float[] scales = new float[quantizer.blocks(200)];
        quantizer.quantize(row, packed, scales, 0);
        for (int i = 0; i < row.length; i++) {
            float scale = scales[i / blockSize];
            double restored = (number(packed, i, bits) - (1 << (bits - 1))) * (double) scale;
            // at 4 bits the step for +8 is missing, so the largest of the other sign may be a whole step off
            assertThat(restored).isCloseTo(row[i], within(Math.abs(scale) * (bits == 4 ? 1.0001 : 0.5001)));
        }
    }

    @Test
    void aBlockOfZerosStaysZero() {
        BlockQuantizer quantizer = new BlockQuantizer(4, 32);
        byte[] packed = new byte[16];
        float[] scales = new float[1];
        quantizer.quantize(new float[32], packed, scales, 0);
        assertThat(packed).containsOnly((byte) 0x88);
        assertThat(scales[0]).isFinite();
    }

    @Test
    void theLowerHalfOfAByteComesFirst() {
        BlockQuantizer quantizer = new BlockQuantizer(4, 32);
        byte[] packed = new byte[16];
        float[] row = new float[32];
        row[0] = -8;
        row[1] = 7;
        quantizer.quantize(row, packed, new float[1], 0);
        // -8 is 0 and 7 is 15
        assertThat(packed[0]).isEqualTo((byte) 0xF0);
    }

    private static int number(byte[] packed, int index, int bits) {
        return bits == 8 ? packed[index] & 255 : packed[index / 2] >> (index % 2 * 4) & 15;
    }
}
