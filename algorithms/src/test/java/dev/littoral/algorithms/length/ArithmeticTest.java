package dev.littoral.algorithms.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArithmeticTest {

    @Test
    void aSystemSolvedByCholeskyGivesBackItsRightHandSide() {
        double[][] matrix = positive(30);
        double[] wanted = IntStream.range(0, 30).mapToDouble(i -> i - 10.5).toArray();

        double[] solution = Cholesky.of(matrix).solve(wanted);

        for (int i = 0; i < 30; i++) {
            double sum = 0;
            for (int j = 0; j < 30; j++) {
                sum += matrix[i][j] * solution[j];
            }
            assertThat(sum).isCloseTo(wanted[i], within(1e-9));
        }
    }

    @Test
    void theDiagonalOfTheInverseIsWhatUnitVectorsGive() {
        Cholesky system = Cholesky.of(positive(12));
        double[] diagonal = system.inverseDiagonal();

        for (int i = 0; i < 12; i++) {
            double[] unit = new double[12];
            unit[i] = 1;
            assertThat(diagonal[i]).isCloseTo(system.solve(unit)[i], within(1e-12));
        }
    }

    @Test
    void aFactorThatModelsShareIsFoundThroughGapsAndNoise() {
        SplittableRandom random = new SplittableRandom(4);
        double[] planted = new double[300];
        double[][] lengths = new double[300][5];
        for (int i = 0; i < 300; i++) {
            planted[i] = random.nextGaussian();
            for (int j = 0; j < 5; j++) {
                lengths[i][j] = j > 0 && random.nextDouble() < 0.3
                        ? Double.NaN
                        : 4 + j + (0.5 + 0.1 * j) * planted[i] + 0.2 * random.nextGaussian();
            }
        }

        SharedFactor found = SharedFactor.fit(lengths);

        double product = 0;
        for (int i = 0; i < 300; i++) {
            product += found.factors()[i] * planted[i] / 300;
        }
        assertThat(product).isGreaterThan(0.9);
        assertThat(found.offsets()[4] - found.offsets()[0]).isCloseTo(4, within(0.2));
        assertThat(found.slopes()[4]).isGreaterThan(found.slopes()[0]);
    }

    @Test
    void anErraticModelHardlyMovesTheFactor() {
        SplittableRandom random = new SplittableRandom(6);
        double[] planted = new double[300];
        double[][] lengths = new double[300][4];
        for (int i = 0; i < 300; i++) {
            planted[i] = random.nextGaussian();
            for (int j = 0; j < 3; j++) {
                lengths[i][j] = 5 + 0.5 * planted[i] + 0.2 * random.nextGaussian();
            }
            // six times the errors: counting by its slope alone leaves .5 / sqrt(.25 + (3 * .04 + 1.44) / 16) = .848
            lengths[i][3] = 5 + 0.5 * planted[i] + 1.2 * random.nextGaussian();
        }

        double[] found = SharedFactor.fit(lengths).factors();

        double product = 0;
        double square = 0;
        for (int i = 0; i < 300; i++) {
            product += found[i] * planted[i];
            square += planted[i] * planted[i];
        }
        // the mean of the three others correlates by .5 / sqrt(.25 + .04 / 3) = .974
        assertThat(product / Math.sqrt(300 * square)).isGreaterThan(0.96);
    }

    @Test
    void aSpreadWithoutCutAnswersHasTheirOwnQuantiles() {
        // the smallest value that 9 of 10 do not exceed
        Spread spread = Spread.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, new boolean[10]);

        assertThat(spread.at(0.9)).isEqualTo(9);
        assertThat(spread.at(0.5)).isEqualTo(5);
    }

    @Test
    void aCutAnswerMovesTheQuantilesUp() {
        boolean[] cut = new boolean[10];
        cut[1] = true;
        cut[2] = true;

        // after the cut ones at 2 and 3, survival falls by a seventh part of 0.9 with each: 0.386 after 7, 0.257 after
        // 8
        Spread spread = Spread.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, cut);

        assertThat(spread.at(0.7)).isEqualTo(8);
    }

    @Test
    void theConformalBoundOfTwentyErrorsIsTheNineteenth() {
        double[] errors = IntStream.rangeClosed(1, 20).mapToDouble(i -> i).toArray();

        // 0.9 * 21 / 20 = 0.945 of 20
        assertThat(Spread.of(errors, new boolean[20]).bound(0.1)).isEqualTo(19);
    }

    @Test
    void anAlarmRingsForALastingShiftAndNotForNoise() {
        DriftAlarm alarm = new DriftAlarm();
        SplittableRandom random = new SplittableRandom(5);

        assertThat(IntStream.range(0, 500).anyMatch(i -> alarm.rings(random.nextGaussian())))
                .isFalse();
        assertThat(IntStream.range(0, 20).anyMatch(i -> alarm.rings(2 + random.nextGaussian())))
                .isTrue();
    }

    private static double[][] positive(int n) {
        SplittableRandom random = new SplittableRandom(n);
        double[][] half = new double[n][n];
        double[][] whole = new double[n][n];
        for (double[] row : half) {
            for (int j = 0; j < n; j++) {
                row[j] = random.nextGaussian();
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    whole[i][j] += half[i][k] * half[j][k];
                }
                whole[i][j] += i == j ? 1 : 0;
            }
        }
        return whole;
    }
}
