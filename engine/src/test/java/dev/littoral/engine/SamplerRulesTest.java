package dev.littoral.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.engine.Sample.TokenLogprob;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What bends the distribution, and what is told of it. */
class SamplerRulesTest {

    /** Probabilities 1/2, 1/4, 1/8, 1/8. */
    private static final float[] HALVES = {
        (float) Math.log(4), (float) Math.log(2), (float) Math.log(1), (float) Math.log(1)
    };

    @Test
    void eachChoiceTellsHowSureTheModelIs() {
        Sample sample = new Sampler(greedy(Penalties.NONE, Map.of(), 0)).sample(FloatBuffer.wrap(HALVES));
        assertThat(sample.likeliestProbability()).isCloseTo(0.5, within(1e-6));
        assertThat(sample.margin()).isCloseTo(0.25, within(1e-6));
        // 1/2 * 1 + 1/4 * 2 + 2 * 1/8 * 3 bits
        assertThat(sample.entropyNats()).isCloseTo(1.75 * Math.log(2), within(1e-6));
        assertThat(sample.likeliest()).isEmpty();
    }

    @Test
    void aDistributionOfOneTokenHasNoEntropy() {
        Sample sample = new Sampler(Sampling.GREEDY).sample(FloatBuffer.wrap(new float[] {0, 1000, 0}));
        assertThat(sample.entropyNats()).isZero();
        assertThat(sample.likeliestProbability()).isEqualTo(1);
    }

    @Test
    void theLikeliestTokensAreToldInOrderAndOfEqualOnesTheLower() {
        List<TokenLogprob> told = new Sampler(greedy(Penalties.NONE, Map.of(), 3))
                .sample(FloatBuffer.wrap(HALVES))
                .likeliest();
        assertThat(told).extracting(TokenLogprob::token).containsExactly(0, 1, 2);
        assertThat(told.get(2).logprob()).isCloseTo(Math.log(0.125), within(1e-6));
        assertThat(new Sampler(greedy(Penalties.NONE, Map.of(), 20))
                        .sample(FloatBuffer.wrap(HALVES))
                        .likeliest())
                .hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("randomLogits")
    void theLikeliestTokensAreThoseThatSortingGives(float[] logits) {
        List<Integer> sorted = IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> logits[a] == logits[b] ? a - b : Float.compare(logits[b], logits[a]))
                .limit(20)
                .toList();
        assertThat(new Sampler(greedy(Penalties.NONE, Map.of(), 20))
                        .sample(FloatBuffer.wrap(logits))
                        .likeliest())
                .extracting(TokenLogprob::token)
                .isEqualTo(sorted);
    }

    static Stream<float[]> randomLogits() {
        SplittableRandom random = new SplittableRandom(42);
        return Stream.generate(() -> {
                    float[] logits = new float[997];
                    for (int i = 0; i < logits.length; i++) {
                        logits[i] = random.nextInt(100); // many ties
                    }
                    return logits;
                })
                .limit(50);
    }

    @Test
    void aBiasIsAddedToItsLogitButNotToWhatIsTold() {
        Sample sample = new Sampler(greedy(Penalties.NONE, Map.of(3, 2.0), 1)).sample(FloatBuffer.wrap(HALVES));
        // 0 + 2 > ln 4
        assertThat(sample.token()).isEqualTo(3);
        assertThat(sample.logprob()).isCloseTo(Math.log(0.125), within(1e-6));
        assertThat(sample.likeliest().getFirst().token()).isZero();
    }

    @Test
    void aBiasOfMinusHundredForbidsATokenAtAnyTemperature() {
        Sampler sampler = new Sampler(
                new Sampling(2, 1, 0, 0, Penalties.NONE, Map.of(0, -100.0, 1, -100.0), 0, OptionalLong.of(3)));
        for (int i = 0; i < 200; i++) {
            assertThat(sampler.sample(FloatBuffer.wrap(HALVES)).token()).isGreaterThan(1);
        }
    }

    @Test
    void aBiasForATokenBeyondTheVocabularyIsRefused() {
        Sampler sampler = new Sampler(greedy(Penalties.NONE, Map.of(4, 1.0), 0));
        assertThatThrownBy(() -> sampler.sample(FloatBuffer.wrap(HALVES)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token 4")
                .hasMessageContaining("4 tokens");
    }

    @Test
    void presenceIsTakenOffOnceAndFrequencyEachTime() {
        float[] logits = {3, 2.5f, 0};
        // presence .7: 3 | 2.3 2.5 | 2.3 1.8, and it stays so
        assertThat(answer(new Penalties(1, 0.7, 0), logits, 5)).containsExactly(0, 1, 0, 0, 0);
        // frequency .4: 3 | 2.6 2.5 | 2.2 2.5 | 2.2 2.1 | 1.8 2.1 | 1.8 1.7
        assertThat(answer(new Penalties(1, 0, 0.4), logits, 6)).containsExactly(0, 0, 1, 0, 1, 0);
    }

    @Test
    void presenceAndFrequencyLeaveThePromptAlone() {
        Sampler sampler = new Sampler(greedy(new Penalties(1, 2, 2), Map.of(), 0));
        sampler.prompt(0, 0, 0);
        assertThat(sampler.sample(FloatBuffer.wrap(HALVES)).token()).isZero();
    }

    @Test
    void repetitionDividesWhatIsAboveZeroAndMultipliesWhatIsBelow() {
        // 3 / 2 < 2; both in the prompt: 3 / 2 > 2 / 2
        assertThat(first(new float[] {3, 2}, 0)).isEqualTo(1);
        assertThat(first(new float[] {3, 2}, 0, 1)).isZero();
        // -1 * 2 < -1.5
        assertThat(first(new float[] {-1, -1.5f}, 0, 0)).isEqualTo(1);
        // a token beyond the vocabulary is no matter
        assertThat(first(new float[] {3, 2}, 7)).isZero();
    }

    @Test
    void repetitionCountsTheAnswerToo() {
        assertThat(answer(new Penalties(2, 0, 0), new float[] {3, 2, 1.8f}, 4)).containsExactly(0, 1, 2, 0);
    }

    @ParameterizedTest
    @CsvSource({
        // at least half as likely as 1/2: 1/2 and 1/4
        "1.0, 0, 1.0, 0.49, 0.6667, 0.3333, 0",
        "1.0, 0, 1.0, 0.6, 1, 0, 0",
        // temperature 1/2 squares the odds: 16, 4, 1, 1; a fifth of 16 is 3.2
        "0.5, 0, 1.0, 0.2, 0.8, 0.2, 0",
        // two of the four that minP leaves
        "1.0, 2, 1.0, 0.1, 0.6667, 0.3333, 0",
        // minP leaves 2/3 and 1/3, of which topP takes the first
        "1.0, 0, 0.6, 0.49, 1, 0, 0",
    })
    void minPKeepsTokensByTheirShareOfTheLikeliest(
            double temperature, int topK, double topP, double minP, double a, double b, double rest) {
        Sampler sampler = new Sampler(
                new Sampling(temperature, topP, topK, minP, Penalties.NONE, Map.of(), 0, OptionalLong.of(42)));
        int draws = 40_000;
        double[] seen = new double[4];
        for (int i = 0; i < draws; i++) {
            seen[sampler.sample(FloatBuffer.wrap(HALVES)).token()] += 1.0 / draws;
        }
        // four standard deviations: 4 * sqrt(0.25 / 40000) = 0.01
        assertThat(seen[0]).isCloseTo(a, within(0.01));
        assertThat(seen[1]).isCloseTo(b, within(0.01));
        assertThat(seen[2] + seen[3]).isEqualTo(rest);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0, 0, repetitionPenalty",
        "NaN, 0, 0, 0, 0, repetitionPenalty",
        "1, 2.1, 0, 0, 0, presencePenalty",
        "1, 0, -2.1, 0, 0, frequencyPenalty",
        "1, 0, 0, 1.1, 0, minP",
        "1, 0, 0, NaN, 0, minP",
        "1, 0, 0, 0, 101, logitBias",
    })
    void settingsOutOfBoundsAreNamed(
            double repetition, double presence, double frequency, double minP, double bias, String field) {
        assertThatThrownBy(() -> new Sampling(
                        1,
                        1,
                        0,
                        minP,
                        new Penalties(repetition, presence, frequency),
                        Map.of(1, bias),
                        0,
                        OptionalLong.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field);
    }

    @Test
    void moreThanTwentyTopLogprobsAreRefused() {
        assertThatThrownBy(() -> greedy(Penalties.NONE, Map.of(), 21))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topLogprobs is 21");
    }

    private static int first(float[] logits, int... prompt) {
        Sampler sampler = new Sampler(greedy(new Penalties(2, 0, 0), Map.of(), 0));
        sampler.prompt(prompt);
        return sampler.sample(FloatBuffer.wrap(logits)).token();
    }

    private static List<Integer> answer(Penalties penalties, float[] logits, int count) {
        Sampler sampler = new Sampler(greedy(penalties, Map.of(), 0));
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(sampler.sample(FloatBuffer.wrap(logits)).token());
        }
        return tokens;
    }

    private static Sampling greedy(Penalties penalties, Map<Integer, Double> bias, int topLogprobs) {
        return new Sampling(0, 1, 0, 0, penalties, bias, topLogprobs, OptionalLong.empty());
    }
}
