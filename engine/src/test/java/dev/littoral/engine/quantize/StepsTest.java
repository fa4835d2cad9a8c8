package dev.littoral.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.engine.Rounding;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepsTest {

    private static final int LANES = 64;
    private static final int COLUMNS = 12;

    @ParameterizedTest
    @CsvSource({"4, true, 1.05", "4, false, 1.2", "2, true, 1.06", "2, false, 1.1", "8, true, 1.4", "8, false, 1.8"})
    void theChosenScaleIsNearlyAsGoodAsTheBestOfAll(int bits, boolean symmetric, double most) {
        float[][] lanes = random(7);
        float[] importance = importance(8);
        Steps steps = new Steps(bits, symmetric, Rounding.TUNED, LANES);
        steps.choose(lanes, 0, COLUMNS, importance, 0);
        double chosen = 0;
        double best = 0;
        for (int lane = 0; lane < LANES; lane++) {
            float[] row = row(lanes, lane);
            chosen += error(row, importance, steps.scale[lane], steps.least[lane], bits);
            best += exhaustive(row, importance, bits, symmetric);
        }
        assertThat(chosen / best).isBetween(0.999, most);
    }

    @ParameterizedTest
    @CsvSource({"8", "4", "2"})
    void tunedNeverLosesToAbsmax(int bits) {
        float[][] lanes = random(9);
        float[] importance = importance(10);
        Steps tuned = new Steps(bits, true, Rounding.TUNED, LANES);
        Steps absmax = new Steps(bits, true, Rounding.ABSMAX, LANES);
        tuned.choose(lanes, 0, COLUMNS, importance, 0);
        absmax.choose(lanes, 0, COLUMNS, importance, 0);
        double sum = 0;
        double absmaxSum = 0;
        for (int lane = 0; lane < LANES; lane++) {
            float[] row = row(lanes, lane);
            sum += error(row, importance, tuned.scale[lane], tuned.least[lane], bits);
            absmaxSum += error(row, importance, absmax.scale[lane], absmax.least[lane], bits);
        }
        assertThat(sum).isLessThan(absmaxSum);
    }

    @ParameterizedTest
    @CsvSource({"4, true", "4, false", "2, true", "2, false", "8, true", "8, false"})
    void zerosAndTinyNumbersHaveAScaleThatIsFinite(int bits, boolean symmetric) {
        for (Rounding rounding : Rounding.values()) {
            for (float value : new float[] {0, Float.MIN_VALUE, -Float.MIN_VALUE, 1e-38f, 1e30f}) {
                float[][] lanes = new float[COLUMNS][LANES];
                Arrays.stream(lanes).forEach(column -> Arrays.fill(column, value));
                Steps steps = new Steps(bits, symmetric, rounding, LANES);
                steps.choose(lanes, 0, COLUMNS, importance(1), 0);
                for (int lane = 0; lane < LANES; lane++) {
                    assertThat(steps.scale[lane]).isFinite().isNotZero();
                    assertThat(steps.inverse[lane]).isFinite();
                    assertThat(steps.least[lane]).isBetween(-steps.span(), 0);
                }
            }
        }
    }

    @Test
    void aRowOnStepsIsKeptExactly() {
        // 16 steps of 0.5 from -4 to 3.5
        float[][] lanes = new float[16][LANES];
        for (int c = 0; c < 16; c++) {
            Arrays.fill(lanes[c], (c - 8) * 0.5f);
        }
        Steps steps = new Steps(4, true, Rounding.TUNED, LANES);
        float[] importance = new float[16];
        Arrays.fill(importance, 1);
        steps.choose(lanes, 0, 16, importance, 0);
        assertThat(steps.scale).containsOnly(0.5f);
    }

    private static double exhaustive(float[] row, float[] importance, int bits, boolean symmetric) {
        float span = (1 << bits) - 1;
        float furthest = 0;
        for (float number : row) {
            furthest = Math.max(furthest, Math.abs(number));
        }
        double best = Double.MAX_VALUE;
        for (int sign = -1; sign <= 1; sign += 2) {
            for (int i = 1; i <= 400; i++) {
                float scale = sign * furthest * 2.2f / (1 << bits) * i / 300;
                for (int zero = 0; zero <= span; zero += bits == 8 ? 16 : 1) {
                    if (!symmetric || zero == 1 << (bits - 1)) {
                        best = Math.min(best, error(row, importance, scale, -zero, bits));
                    }
                }
            }
        }
        return best;
    }

    private static double error(float[] row, float[] importance, float scale, float least, int bits) {
        double error = 0;
        for (int c = 0; c < row.length; c++) {
            double whole = Math.rint(Math.clamp(row[c] / (double) scale, least, least + (1 << bits) - 1));
            double off = whole * scale - row[c];
            error += importance[c] * off * off;
        }
        return error;
    }

    private static float[] row(float[][] lanes, int lane) {
        float[] row = new float[COLUMNS];
        for (int c = 0; c < COLUMNS; c++) {
            row[c] = lanes[c][lane];
        }
        return row;
    }

    private static float[][] random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] lanes = new float[COLUMNS][LANES];
        for (float[] column : lanes) {
            for (int lane = 0; lane < LANES; lane++) {
                column[lane] = (float) random.nextGaussian();
            }
        }
        return lanes;
    }

    private static float[] importance(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] importance = new float[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            importance[i] = (float) random.nextDouble(0.1, 4);
        }
        return importance;
    }
}
