package dev.littoral.algorithms.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts that nobody reads, of a model whose answers are 20 times as long as the prior says. */
class UnreadTest {

    private static final double NONE = Double.POSITIVE_INFINITY;
    private static final double USUAL = 5 + Math.log(20);
    private static final WarmFactor WARM = new Planted(60, 1).warm();
    private static final Planted TRAFFIC = new Planted(200, 2);

    private final ModelLearner learner = new ModelLearner(WARM, true);
    private final SplittableRandom noise = new SplittableRandom(3);

    enum Shape {
        NORMAL,
        LEANING_TO_SHORT,
        LEANING_TO_LONG,
        TWO_KINDS;

        /** Gives an error of deviation 1 or so. */
        double draw(SplittableRandom random) {
            return switch (this) {
                case NORMAL -> random.nextGaussian();
                case LEANING_TO_SHORT -> Math.log(random.nextDouble()) + 1;
                case LEANING_TO_LONG -> -Math.log(random.nextDouble()) - 1;
                case TWO_KINDS -> random.nextInt(4) == 0 ? 1.5 : -0.5 + 0.2 * random.nextGaussian();
            };
        }
    }

    @ParameterizedTest
    @CsvSource({"NORMAL", "LEANING_TO_SHORT", "LEANING_TO_LONG", "TWO_KINDS"})
    void theBoundHoldsForNineOfTenWhateverTheShapeOfLengths(Shape shape) {
        int kept = 0;
        for (int i = 0; i < 1200; i++) {
            Question question = question();
            int tokens = tokens(USUAL, shape);
            if (i >= 200 && tokens <= learner.predict(question, NONE).upper90Tokens()) {
                kept++;
            }
            learner.observe(question, new Label.Ended(tokens));
        }

        // 1,000 answers: a deviation of .0095 where they are independent
        assertThat(kept / 1000.0).isCloseTo(0.9, within(0.02));
    }

    @ParameterizedTest
    @CsvSource({"NORMAL", "LEANING_TO_SHORT", "LEANING_TO_LONG", "TWO_KINDS"})
    void answersThatStayAsLongAsTheyWereRaiseNoAlarm(Shape shape) {
        for (int i = 0; i < 2000; i++) {
            learner.observe(question(), new Label.Ended(tokens(USUAL, shape)));
        }

        assertThat(learner.drifts()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 4, 0.25, 0.1})
    void aChangeIsNoticedAndWhatWasBeforeIsForgotten(double factor) {
        teach(200, USUAL);

        int answers = teachUntilAlarm(USUAL + Math.log(factor));
        teach(40, USUAL + Math.log(factor));

        assertThat(answers).isLessThan(40);
        assertThat(learner.drifts()).isOne();
        LengthForecast forecast = learner.predict(question(), NONE);
        assertThat(forecast.source()).isEqualTo(LengthForecast.Source.HISTOGRAM);
        // 8 answers' weight of the prior are in it, log(20 factor) away
        assertThat(Math.log(forecast.medianTokens()))
                .isCloseTo(USUAL + Math.log(factor), within(0.2 + 0.2 * Math.abs(Math.log(20 * factor))));
    }

    @Test
    void aSecondChangeIsNoticedToo() {
        teach(200, USUAL);
        int first = teachUntilAlarm(USUAL + Math.log(0.1));
        teach(60, USUAL + Math.log(0.1));

        int second = teachUntilAlarm(USUAL);

        assertThat(first).isLessThan(40);
        assertThat(second).isLessThan(40);
        assertThat(learner.drifts()).isEqualTo(2);
    }

    @Test
    void whatWasReadBeforeTheChangeIsForgottenToo() {
        for (int i = 0; i < 100; i++) {
            learner.observe(TRAFFIC.question(WARM, i), new Label.Ended(tokens(USUAL, Shape.NORMAL)));
        }
        teach(100, USUAL);
        assertThat(learner.drifts()).isZero();

        int ignored = teachUntilAlarm(USUAL + Math.log(0.1));

        Question read = TRAFFIC.question(WARM, 150);
        assertThat(learner.size()).isZero();
        assertThat(learner.predict(read, NONE)).isEqualTo(new ModelLearner(WARM, true).predict(read, NONE));
    }

    @Test
    void fewUnreadPromptsAmongReadOnesRaiseNoAlarmThoughAllOfThemAreShort() {
        for (int i = 0; i < 400; i++) {
            learner.observe(TRAFFIC.question(WARM, i % 200), new Label.Ended(tokens(USUAL, Shape.NORMAL)));
            if (i % 4 == 0) {
                learner.observe(question(), new Label.Ended(tokens(USUAL - 3, Shape.NORMAL)));
            }
        }

        assertThat(learner.drifts()).isZero();
    }

    @Test
    void theBoundIsNoLongerThanTheAnswerMayBe() {
        teach(100, USUAL);

        assertThat(learner.predict(question(), 30).upper90Tokens()).isEqualTo(30);
    }

    private int teachUntilAlarm(double level) {
        int drifts = learner.drifts();
        int answers = 0;
        while (learner.drifts() == drifts) {
            teach(1, level);
            answers++;
        }
        return answers;
    }

    private void teach(int answers, double level) {
        for (int i = 0; i < answers; i++) {
            learner.observe(question(), new Label.Ended(tokens(level, Shape.NORMAL)));
        }
    }

    private Question question() {
        return new Question("", noise.nextInt(4, 2000), Optional.empty());
    }

    private int tokens(double level, Shape shape) {
        return (int) Math.round(Math.exp(level + 0.7 * shape.draw(noise)));
    }
}
