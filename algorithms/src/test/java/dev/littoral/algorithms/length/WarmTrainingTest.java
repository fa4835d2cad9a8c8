package dev.littoral.algorithms.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WarmTrainingTest {

    private static final Planted MEASURED = new Planted(60, 1);
    private static final PromptReading UNLIKE_ALL = new Planted(1, 9).readings.getFirst();
    private static final long DIGEST = 77;

    @Test
    void aGuessForAKindOfRequestMovesWhatIsPredictedForIt() {
        double before = MEASURED.warm().probe(UNLIKE_ALL).warm();

        double longer = guessed(5000).probe(UNLIKE_ALL).warm();
        double shorter = guessed(2).probe(UNLIKE_ALL).warm();

        assertThat(longer).isGreaterThan(before + 0.5);
        assertThat(shorter).isLessThan(before - 0.5);
    }

    @Test
    void whatWasGuessedHasNoPartInThePredictionsFromMeasuredLengthsAlone() {
        double longer = WarmFactor.measuredWithout(guessed(5000).data(), Set.of())
                .probe(UNLIKE_ALL)
                .warm();
        double shorter = WarmFactor.measuredWithout(guessed(2).data(), Set.of())
                .probe(UNLIKE_ALL)
                .warm();

        assertThat(longer).isEqualTo(shorter);
    }

    @Test
    void aGuessThatIsTestedOnIsLeftOutByItsDigest() {
        WarmData data = guessed(5000).data();

        assertThat(WarmFactor.without(data, Set.of(DIGEST)).probe(UNLIKE_ALL).warm())
                .isEqualTo(WarmFactor.measuredWithout(data, Set.of())
                        .probe(UNLIKE_ALL)
                        .warm());
    }

    @Test
    void theScaleOfFeaturesIsThatOfTheMeasuredPromptsSoThatSharedAnswersKeepTheirMeaning() {
        assertThat(guessed(5000).data().scale())
                .usingRecursiveComparison()
                .isEqualTo(MEASURED.warm().data().scale());
    }

    @Test
    void anAnswerIsNotGuessedToHaveLessThanOneToken() {
        assertThatThrownBy(() -> new WarmTraining.Guess(UNLIKE_ALL, DIGEST, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one token, not 0");
    }

    private static WarmFactor guessed(double tokens) {
        return MEASURED.warm(List.copyOf(Collections.nCopies(3, new WarmTraining.Guess(UNLIKE_ALL, DIGEST, tokens))));
    }
}
