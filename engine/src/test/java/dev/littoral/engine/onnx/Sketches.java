package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * Of each position's logits its range, and two sums with seeded signs; {@code sketches} of golden.py. A logit that is off
 * shows in both sums as far as it is off, whichever it is.
 */
final class Sketches {

    private static final int SUMS = 2;

    private final float[] numbers;

    private Sketches(float[] numbers) {
        this.numbers = numbers;
    }

    static Sketches of(String base64) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        float[] numbers = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(numbers);
        return new Sketches(numbers);
    }

    /** Counts the positions. */
    int length() {
        return numbers.length / (1 + SUMS);
    }

    /** Holds the sums of a row of logits to those of what is expected, within a share of its range. */
    void assertAlike(float[] row, int position, double mostOfRange) {
        int at = position * (1 + SUMS);
        for (int j = 0; j < SUMS; j++) {
            float[] signs = RandomCheckpoint.uniform("sketch/" + length() + "/" + position + "/" + j, row.length);
            double sum = 0;
            for (int i = 0; i < row.length; i++) {
                sum += signs[i] < 0 ? -row[i] : row[i];
            }
            assertThat(Math.abs(sum - numbers[at + 1 + j]))
                    .as("sum %d at position %d of %d", j, position, length())
                    .isLessThanOrEqualTo(mostOfRange * numbers[at]);
        }
        assertThat(Math.abs(TestStages.range(row) - numbers[at]))
                .as("range at position %d of %d", position, length())
                .isLessThanOrEqualTo(2 * mostOfRange * numbers[at]);
    }
}
