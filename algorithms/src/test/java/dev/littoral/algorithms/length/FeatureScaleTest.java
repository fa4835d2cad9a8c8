package dev.littoral.algorithms.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeatureScaleTest {

    private static final int CUES = 3 * PromptReading.STATE;
    private static final int LENGTH = Cues.ofPromptTokens();
    private static final int COMMAS = LENGTH + 1;

    @Test
    void aCueThatOnlyFollowsThePromptsLengthSaysNothing() {
        // commas = 2 * length + 1
        FeatureScale scale = FeatureScale.of(
                IntStream.range(0, 50).mapToObj(i -> reading(i, 2 * i + 1)).toList());

        float[] seen = FeatureScale.numbers(scale.standardise(reading(40, 81)));
        float[] unusual = FeatureScale.numbers(scale.standardise(reading(40, 70)));

        assertThat(seen[CUES + COMMAS]).isCloseTo(0, within(0.1f));
        assertThat(unusual[CUES + COMMAS]).isEqualTo(-4);
    }

    @Test
    void thePromptsLengthItselfIsKept() {
        FeatureScale scale = FeatureScale.of(
                IntStream.range(0, 50).mapToObj(i -> reading(i, 0)).toList());

        // mean 24.5, variance (50^2 - 1) / 12 = 208.25
        assertThat(FeatureScale.numbers(scale.standardise(reading(40, 0)))[CUES + LENGTH])
                .isCloseTo((float) (15.5 / Math.sqrt(208.25)), within(0.02f));
    }

    @Test
    void promptsOfOneLengthLeaveEachCueAsItIs() {
        FeatureScale scale = FeatureScale.of(
                IntStream.range(0, 50).mapToObj(i -> reading(7, i)).toList());

        assertThat(FeatureScale.numbers(scale.standardise(reading(7, 40)))[CUES + COMMAS])
                .isCloseTo((float) (15.5 / Math.sqrt(208.25)), within(0.02f));
        assertThat(Arrays.stream(toDoubles(scale.slopes()))).allMatch(slope -> slope == 0);
    }

    @Test
    void aRareCueTellsPromptsApartByTwoDeviationsAtMost() {
        byte[] none = new byte[PromptReading.size()];
        byte[] rare = none.clone();
        rare[CUES] = 127; // four deviations

        float[] far = Similarity.scaled(new Features(rare));
        rare[CUES] = 64;
        float[] near = Similarity.scaled(new Features(rare));

        assertThat(far[CUES]).isCloseTo(near[CUES], within(1e-6f));
        rare[CUES] = 32;
        assertThat(Similarity.scaled(new Features(rare))[CUES]).isLessThan(0.6f * far[CUES]);
    }

    @Test
    void aScaleOfAnotherSizeIsRefused() {
        float[] row = new float[PromptReading.size()];

        assertThatThrownBy(() -> new FeatureScale(row, row, row))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slopes");
    }

    private static PromptReading reading(float length, float commas) {
        float[] cues = new float[Cues.size()];
        cues[LENGTH] = length;
        cues[COMMAS] = commas;
        float[] state = new float[PromptReading.STATE];
        return new PromptReading(state, state, state, cues);
    }

    private static double[] toDoubles(float[] numbers) {
        return IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).toArray();
    }
}
