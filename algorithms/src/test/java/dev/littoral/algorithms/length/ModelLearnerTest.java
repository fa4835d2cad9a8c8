package dev.littoral.algorithms.length;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelLearnerTest {

    private static final double NONE = Double.POSITIVE_INFINITY;
    private static final WarmFactor WARM = new Planted(60, 1).warm();
    private static final Planted TRAFFIC = new Planted(260, 2);

    private final ModelLearner learner = new ModelLearner(WARM, true);
    private final SplittableRandom noise = new SplittableRandom(3);

    @Test
    void theFirstRequestOfANewClusterIsRankedByTheWarmFactor() {
        int[] byFactor = ascending();

        double shortest =
                learner.predict(TRAFFIC.question(WARM, byFactor[0]), NONE).medianTokens();
        double longest = learner.predict(TRAFFIC.question(WARM, byFactor[byFactor.length - 1]), NONE)
                .medianTokens();

        assertThat(longest).isGreaterThan(2 * shortest);
    }

    @Test
    void theBoundHoldsForNineOfTenAnswersWithinAFewPercent() {
        teach(0, 160, 0);

        long kept = IntStream.range(160, 260)
                .filter(i -> tokens(i, 0)
                        <= learner.predict(TRAFFIC.question(WARM, i), NONE).upper90Tokens())
                .count();

        assertThat(kept).isBetween(80L, 98L);
    }

    @Test
    void aModelThatAnswersAtGreaterLengthIsLearnedFromItsFirstAnswers() {
        double before = learner.predict(TRAFFIC.question(WARM, 200), NONE).medianTokens();

        teach(0, 30, 2);

        assertThat(learner.predict(TRAFFIC.question(WARM, 200), NONE))
                .satisfies(forecast -> assertThat(forecast.medianTokens()).isGreaterThan(3 * before))
                .satisfies(forecast -> assertThat(forecast.source()).isEqualTo(LengthForecast.Source.LEARNED));
    }

    @Test
    void cutAnswersAreTakenForLongerThanWhatWasSeenOfThem() {
        ModelLearner believing = new ModelLearner(WARM, true);
        for (int i = 0; i < 60; i++) {
            int tokens = tokens(i, 0);
            int seen = Math.min(tokens, 150);
            learner.observe(TRAFFIC.question(WARM, i), seen < tokens ? new Label.CutAt(seen) : new Label.Ended(seen));
            believing.observe(TRAFFIC.question(WARM, i), new Label.Ended(seen));
        }
        int longest = ascending()[TRAFFIC.factors.length - 1];

        double corrected =
                learner.predict(TRAFFIC.question(WARM, longest), NONE).medianTokens();

        assertThat(corrected)
                .isGreaterThan(1.3
                        * believing
                                .predict(TRAFFIC.question(WARM, longest), NONE)
                                .medianTokens());
    }

    @Test
    void aPromptThatWasNotReadIsPredictedByTheHistogram() {
        teach(0, 30, 0);

        LengthForecast forecast = learner.predict(new Question("", 10, Optional.empty()), NONE);

        assertThat(forecast.source()).isEqualTo(LengthForecast.Source.HISTOGRAM);
        assertThat(forecast.meanTokens()).isBetween(50.0, 1000.0);
    }

    @Test
    void noForecastExceedsTheCap() {
        teach(0, 30, 2);

        LengthForecast forecast = learner.predict(TRAFFIC.question(WARM, 50), 20);

        assertThat(List.of(forecast.meanTokens(), forecast.medianTokens(), forecast.upper90Tokens()))
                .allMatch(tokens -> tokens <= 20);
    }

    @Test
    void manyAnswersAtOnceTeachTheSameAsOneAfterTheOther() {
        List<Question> questions = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < 31; i++) {
            questions.add(TRAFFIC.question(WARM, i));
            labels.add(new Label.Ended((int) Math.exp(5 + 0.6 * TRAFFIC.factors[i])));
        }
        ModelLearner other = new ModelLearner(WARM, true);

        other.observeAll(questions, labels);
        for (int i = 0; i < 31; i++) {
            learner.observe(questions.get(i), labels.get(i));
        }

        assertThat(learner.predict(TRAFFIC.question(WARM, 99), NONE).medianTokens())
                .isEqualTo(other.predict(TRAFFIC.question(WARM, 99), NONE).medianTokens());
    }

    private void teach(int from, int to, double shift) {
        for (int i = from; i < to; i++) {
            learner.observe(TRAFFIC.question(WARM, i), new Label.Ended(tokens(i, shift)));
        }
    }

    private int tokens(int prompt, double shift) {
        return (int) Math.round(Math.exp(5 + shift + 0.6 * TRAFFIC.factors[prompt] + 0.2 * noise.nextGaussian()));
    }

    private static int[] ascending() {
        return IntStream.range(0, TRAFFIC.factors.length)
                .boxed()
                .sorted((a, b) -> Double.compare(TRAFFIC.factors[a], TRAFFIC.factors[b]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Test
    void theOrderOfFactorsIsKeptByTheFleetsPredictorToo() {
        List<Probe> probes = TRAFFIC.readings.stream().map(WARM::probe).toList();
        double[][] lengths = Arrays.stream(TRAFFIC.factors)
                .mapToObj(factor -> new double[] {5 + 0.6 * factor, 4 + 0.3 * factor})
                .toArray(double[][]::new);
        FleetPredictor predictor =
                FleetPredictor.train(WARM, probes.subList(0, 200), Arrays.copyOf(lengths, 200), 1, 7);

        double[] errors = IntStream.range(200, 260)
                .mapToDouble(i -> Math.abs(predictor.logMedians(probes.get(i))[0] - lengths[i][0]))
                .toArray();

        // always guessing the mean is off by 0.6 * 0.8 = 0.48
        assertThat(Arrays.stream(errors).average().orElseThrow()).isLessThan(0.25);
    }
}
