package dev.littoral.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {

    /** Probabilities 1/2, 1/4, 1/8, 1/8. */
    private static final float[] HALVES = {
        (float) Math.log(2), (float) Math.log(4), (float) Math.log(1), (float) Math.log(1)
    };

    @Test
    void greedyTakesTheLikeliestAndTellsHowSureItIs() {
        Sample sample = new Sampler(Sampling.GREEDY).sample(FloatBuffer.wrap(HALVES));
        assertThat(sample.token()).isEqualTo(1);
        assertThat(sample.logprob()).isCloseTo(Math.log(0.5), within(1e-6));
        // 1/2 - 1/4
        assertThat(sample.margin()).isCloseTo(0.25, within(1e-6));
    }

    @Test
    void aTieGoesToTheLowerNumber() {
        assertThat(new Sampler(Sampling.GREEDY).sample(FloatBuffer.wrap(new float[] {1, 3, 3})))
                .satisfies(sample -> assertThat(sample.token()).isEqualTo(1))
                .satisfies(sample -> assertThat(sample.margin()).isZero());
    }

    @ParameterizedTest
    @CsvSource({
        // temperature 1/2 squares the odds: 4, 16, 1, 1 of 22
        "1.0, 1.0, 0, 0.25, 0.5, 0.125, 0.125",
        "0.5, 1.0, 0, 0.1818, 0.7273, 0.0455, 0.0455",
        "1.0, 1.0, 2, 0.3333, 0.6667, 0, 0",
        "1.0, 0.5, 0, 0, 1, 0, 0",
        "1.0, 0.75, 0, 0.3333, 0.6667, 0, 0",
        "1.0, 0.8, 0, 0.2857, 0.5714, 0.1429, 0",
        // of the two kept, the likelier has 2/3: that is enough for 0.6
        "1.0, 0.6, 2, 0, 1, 0, 0",
    })
    void tokensComeAsOftenAsTheyShould(
            double temperature, double topP, int topK, double a, double b, double c, double d) {
        Sampler sampler = new Sampler(new Sampling(temperature, topP, topK, OptionalLong.of(42)));
        int draws = 40_000;
        double[] seen = new double[4];
        for (int i = 0; i < draws; i++) {
            seen[sampler.sample(FloatBuffer.wrap(HALVES)).token()] += 1.0 / draws;
        }
        double[] expected = {a, b, c, d};
        for (int i = 0; i < 4; i++) {
            // four standard deviations: 4 * sqrt(0.25 / 40000) = 0.01
            assertThat(seen[i]).isCloseTo(expected[i], within(expected[i] == 0 ? 0 : 0.01));
        }
    }

    @Test
    void logprobIsThatOfTheUntouchedDistribution() {
        Sample sample = new Sampler(new Sampling(0.1, 0.5, 1, OptionalLong.of(1))).sample(FloatBuffer.wrap(HALVES));
        assertThat(sample.logprob()).isCloseTo(Math.log(0.5), within(1e-6));
    }

    @Test
    void oneSeedGivesOneRowOfTokens() {
        Sampling sampling = new Sampling(1.3, 0.95, 50, OptionalLong.of(7));
        float[] logits = new float[1000];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = 3 * (float) Math.sin(i * 0.7);
        }
        assertThat(draw(sampling, logits)).isEqualTo(draw(sampling, logits));
        assertThat(draw(new Sampling(1.3, 0.95, 50, OptionalLong.of(8)), logits))
                .isNotEqualTo(draw(sampling, logits));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void damagedLogitsAreRefused(float damaged) {
        assertThatThrownBy(() -> new Sampler(Sampling.GREEDY).sample(FloatBuffer.wrap(new float[] {0, damaged})))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("the logit of token 1");
    }

    @ParameterizedTest
    @CsvSource({"-1, 1, 0, temperature", "NaN, 1, 0, temperature", "1, 0, 0, topP", "1, 1.1, 0, topP", "1, 1, -1, topK"
    })
    void settingsOutOfBoundsAreNamed(double temperature, double topP, int topK, String field) {
        assertThatThrownBy(() -> new Sampling(temperature, topP, topK, OptionalLong.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field);
    }

    private static int[] draw(Sampling sampling, float[] logits) {
        Sampler sampler = new Sampler(sampling);
        int[] tokens = new int[50];
        Arrays.setAll(tokens, i -> sampler.sample(FloatBuffer.wrap(logits)).token());
        return tokens;
    }
}
