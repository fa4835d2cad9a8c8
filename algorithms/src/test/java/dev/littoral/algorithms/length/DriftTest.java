package dev.littoral.algorithms.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model whose answers have always been 20 times as long as the prior says, until they change. */
class DriftTest {

    private static final double NONE = Double.POSITIVE_INFINITY;
    private static final double USUAL = 5 + Math.log(20);
    private static final WarmFactor WARM = new Planted(60, 1).warm();
    private static final Planted TRAFFIC = new Planted(500, 2);
    private static final Question NEXT = TRAFFIC.question(WARM, 499);
    private static final Question UNREAD = new Question("", 10, Optional.empty());

    private final ModelLearner learner = new ModelLearner(WARM, true);
    private final SplittableRandom noise = new SplittableRandom(3);

    @ParameterizedTest
    @ValueSource(doubles = {10, 0.1, 4, 0.25})
    void afterTheAlarmForecastsAreThoseOfAModelNeverSeen(double factor) {
        teach(0, 200, USUAL);

        int alarm = teachUntilAlarm(200, USUAL + Math.log(factor));

        assertThat(alarm).isLessThan(220);
        assertThat(learner.predict(NEXT, NONE)).isEqualTo(new ModelLearner(WARM, true).predict(NEXT, NONE));
        assertThat(learner.predict(NEXT, NONE).source()).isEqualTo(LengthForecast.Source.PRIOR);
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 0.1})
    void thePriorPredictsUntilTwentyMoreAnswersWereSeen(double factor) {
        teach(0, 200, USUAL);
        int alarm = teachUntilAlarm(200, USUAL + Math.log(factor));
        LengthForecast prior = new ModelLearner(WARM, true).predict(NEXT, NONE);

        teach(alarm, alarm + 19, USUAL + Math.log(factor));
        LengthForecast before = learner.predict(NEXT, NONE);
        teach(alarm + 19, alarm + 20, USUAL + Math.log(factor));

        assertThat(before).isEqualTo(prior);
        assertThat(learner.predict(NEXT, NONE).source()).isEqualTo(LengthForecast.Source.LEARNED);
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 0.1})
    void thenItIsLearnedHowLongAnswersAreNow(double factor) {
        double now = USUAL + Math.log(factor);
        teach(0, 200, USUAL);
        int alarm = teachUntilAlarm(200, now);
        teach(alarm, alarm + 60, now);

        LengthForecast learned = learner.predict(NEXT, NONE);
        long kept = IntStream.range(alarm + 60, alarm + 160)
                .filter(i -> tokens(i, now)
                        <= learner.predict(TRAFFIC.question(WARM, i), NONE).upper90Tokens())
                .count();

        double truth = Math.exp(now + 0.6 * TRAFFIC.factors[499]);
        assertThat(Math.log(learned.medianTokens())).isCloseTo(Math.log(truth), within(Math.log(1.5)));
        assertThat(kept).isBetween(80L, 98L);
        assertThat(learner.drifts()).isOne();
    }

    @Test
    void noAnswerFromBeforeTheChangeIsKept() {
        teach(0, 200, USUAL);

        int alarm = teachUntilAlarm(200, USUAL + Math.log(10));

        // the sum may have been above 0 by chance when the change began
        assertThat(learner.size()).isBetween(alarm - 200, alarm - 200 + 3);
    }

    @Test
    void theHistogramForgetsThemToo() {
        teach(0, 200, USUAL);
        double before = learner.predict(UNREAD, NONE).medianTokens();

        int alarm = teachUntilAlarm(200, USUAL + Math.log(0.1));
        teach(alarm, alarm + 10, USUAL + Math.log(0.1));

        // 2968 before, 297 since
        assertThat(learner.predict(UNREAD, NONE).medianTokens()).isLessThan(0.2 * before);
    }

    @Test
    void aSecondChangeIsNoticedToo() {
        teach(0, 200, USUAL);
        int alarm = teachUntilAlarm(200, USUAL + Math.log(0.1));
        teach(alarm, alarm + 60, USUAL + Math.log(0.1));

        int second = teachUntilAlarm(alarm + 60, USUAL);

        assertThat(second).isLessThan(alarm + 80);
        assertThat(learner.predict(NEXT, NONE)).isEqualTo(new ModelLearner(WARM, true).predict(NEXT, NONE));
    }

    @Test
    void cutAnswersAmongTheOthersAreKeptFromTheChangeOn() {
        teach(0, 200, USUAL);
        int at = 200;
        while (learner.drifts() == 0) {
            Question question = TRAFFIC.question(WARM, at);
            learner.observe(question, new Label.CutAt(10));
            learner.observe(question, new Label.Ended(tokens(at, USUAL + Math.log(10))));
            at++;
        }

        assertThat(learner.size()).isBetween(2 * (at - 200) - 1, 2 * (at - 200) + 4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersThatStayAsLongAsTheyWereRaiseNoAlarm(boolean toOneSide) {
        for (int i = 0; i < 1000; i++) {
            int prompt = i % TRAFFIC.factors.length;
            double error = toOneSide ? -Math.log(noise.nextDouble()) : noise.nextGaussian();
            int tokens = (int) Math.round(Math.exp(USUAL + 0.6 * TRAFFIC.factors[prompt] + 0.5 * error));
            learner.observe(TRAFFIC.question(WARM, prompt), new Label.Ended(tokens));
        }

        assertThat(learner.drifts()).isZero();
        assertThat(learner.predict(NEXT, NONE).source()).isEqualTo(LengthForecast.Source.LEARNED);
    }

    @Test
    void answersThatAreAllAlikeMayDifferByAFewPercent() {
        for (int i = 0; i < 60; i++) {
            learner.observe(TRAFFIC.question(WARM, i), new Label.Ended(200));
        }
        for (int i = 60; i < 120; i++) {
            learner.observe(TRAFFIC.question(WARM, i), new Label.Ended(212));
        }

        assertThat(learner.drifts()).isZero();
    }

    /** Gives the first prompt that was not taught. */
    private int teachUntilAlarm(int from, double level) {
        int drifts = learner.drifts();
        int at = from;
        while (learner.drifts() == drifts) {
            teach(at, at + 1, level);
            at++;
        }
        return at;
    }

    private void teach(int from, int to, double level) {
        for (int i = from; i < to; i++) {
            learner.observe(TRAFFIC.question(WARM, i), new Label.Ended(tokens(i, level)));
        }
    }

    private int tokens(int prompt, double level) {
        return (int) Math.round(Math.exp(level + 0.6 * TRAFFIC.factors[prompt] + 0.2 * noise.nextGaussian()));
    }
}
