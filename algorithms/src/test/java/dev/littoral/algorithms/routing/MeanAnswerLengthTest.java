package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MeanAnswerLengthTest {

    private static final double NO_CAP = 1e12;

    @Test
    void thePriorSpeaksBeforeAnyAnswer() {
        assertThat(MeanAnswerLength.prior(200, 2, 1).expectedTokens(10, NO_CAP)).isCloseTo(200, within(1e-6));
    }

    @Test
    void aTightCapBoundsTheGuess() {
        AnswerLength length = MeanAnswerLength.prior(200, 2, 1);

        assertThat(length.expectedTokens(10, 1)).isLessThanOrEqualTo(1).isGreaterThan(0.99);
    }

    @Test
    void answersOutweighThePrior() {
        AnswerLength length = MeanAnswerLength.prior(200, 1, 1);
        for (int answer = 0; answer < 99; answer++) {
            length = length.observe(10, 50, false);
        }

        // (200 + 99 * 50) / 100 = 51.5
        assertThat(length.expectedTokens(10, NO_CAP)).isCloseTo(51.5, within(1e-6));
    }

    @Test
    void truncatedAnswersDoNotPullTheMeanDown() {
        // exponential lengths of mean 100, cut at 60: the plain mean of what is seen would be 45
        SplittableRandom random = new SplittableRandom(5);
        AnswerLength length = MeanAnswerLength.prior(10, 1, 1);
        for (int answer = 0; answer < 20_000; answer++) {
            double tokens = -100 * Math.log1p(-random.nextDouble());
            length = length.observe(10, Math.min(tokens, 60), tokens > 60);
        }

        assertThat(length.expectedTokens(10, NO_CAP)).isCloseTo(100, within(3.0));
    }

    @Test
    void theGuessFollowsAChange() {
        AnswerLength length = MeanAnswerLength.prior(10, 1, 0.9);
        for (int answer = 0; answer < 100; answer++) {
            length = length.observe(10, 500, false);
        }

        assertThat(length.expectedTokens(10, NO_CAP)).isCloseTo(500, within(1.0));
    }

    @Test
    void nothingButTruncatedAnswersKeepsTheGuessFinite() {
        AnswerLength length = MeanAnswerLength.prior(10, 1, 0.5);
        for (int answer = 0; answer < 1000; answer++) {
            length = length.observe(10, 500, true);
        }

        assertThat(length.expectedTokens(10, 500)).isCloseTo(500, within(1.0));
    }

    @Test
    void sumsWithoutAMeanAreRejected() {
        assertThatThrownBy(() -> new MeanAnswerLength(1, 0, 1)).hasMessageContaining("ended");
        assertThatThrownBy(() -> new MeanAnswerLength(1, 1, 0)).hasMessageContaining("memory");
    }
}
