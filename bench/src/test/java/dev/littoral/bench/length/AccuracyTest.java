package dev.littoral.bench.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccuracyTest {

    private static final double NONE = Double.NaN;

    /** Four prompts: the first model is ranked well, the second has two lengths, the third always the same. */
    private static final Accuracy ACCURACY = new Accuracy(
            List.of("sound", "short", "constant"),
            new double[][] {{1, 5, 7}, {2, 6, 7}, {3, NONE, 7}, {4, NONE, 7}},
            new double[][] {{10, 5, 7}, {20, 5, 8}, {40, NONE, 9}, {30, NONE, 6}},
            new double[][] {{100, 9, 9}, {100, 1, 9}, {100, NONE, 9}, {0, NONE, 9}});

    @Test
    void aModelWithoutEnoughLengthsIsInNoAggregate() {
        // 3 of 4 of the first, all 4 of the third; nothing of the second
        assertThat(ACCURACY.coverages()).containsExactly(0.75, 1);
        assertThat(ACCURACY.tooFew()).containsExactly("short");
    }

    @Test
    void aModelOfConstantLengthIsNotInTheMeanOfRanks() {
        // ranks 0 1 3 2 against 0 1 2 3: 1 - 6 * 2 / (4 * 15) = .8
        assertThat(ACCURACY.meanPerModel()).isCloseTo(0.8, within(1e-9));
        assertThat(ACCURACY.constant()).containsExactly("constant");
    }

    @Test
    void aPredictorThatSaysTheSameOfAllHasNoRankButCounts() {
        assertThat(Accuracy.spearman(new double[] {2, 2, 2}, new double[] {1, 2, 3}))
                .isZero();
    }

    @Test
    void figuresNameWhoIsLeftOutAndHoldNoTextInPlaceOfANumber() {
        ObjectNode figures = new ObjectMapper().createObjectNode();

        ACCURACY.write(figures);

        assertThat(figures.get("coverage_90_least").doubleValue()).isEqualTo(0.75);
        assertThat(figures.get("models_left_out").get(0).textValue()).isEqualTo("short");
        assertThat(figures.get("models_of_constant_length").get(0).textValue()).isEqualTo("constant");
    }
}
