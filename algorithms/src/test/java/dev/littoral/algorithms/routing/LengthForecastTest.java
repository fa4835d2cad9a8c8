package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LengthForecastTest {

    private static final double MEDIAN = 100;
    private static final double SPREAD = 0.8;
    private static final LengthForecast FORECAST = new LengthForecast(
            MEDIAN * Math.exp(SPREAD * SPREAD / 2), MEDIAN, MEDIAN * Math.exp(1.2815515655446004 * SPREAD));

    /** Of a log-normal law, drawn. */
    private static final double[] LENGTHS = drawn();

    @ParameterizedTest
    @ValueSource(doubles = {5, 40, 100, 250, 900})
    void theChanceToEndWithinSomeTokensIsTheShareOfDrawnLengthsThatDo(double tokens) {
        double share = Arrays.stream(LENGTHS).filter(each -> each <= tokens).count() / (double) LENGTHS.length;

        assertThat(FORECAST.probabilityUpTo(tokens)).isCloseTo(share, within(0.004));
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 100, 300})
    void whatIsLeftIsTheMeanOfTheDrawnLengthsThatAreLonger(double written) {
        double rest = Arrays.stream(LENGTHS)
                .filter(each -> each > written)
                .map(each -> each - written)
                .average()
                .orElseThrow();

        assertThat(FORECAST.restAfter(written)).isCloseTo(rest, within(0.03 * rest));
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 100, 300})
    void theChanceOfAnAnswerInProgressIsTheShareOfThoseThatAreLonger(double written) {
        double[] longer = Arrays.stream(LENGTHS).filter(each -> each > written).toArray();
        double share =
                Arrays.stream(longer).filter(each -> each <= written + 50).count() / (double) longer.length;

        assertThat(FORECAST.probabilityUpTo(written, 50)).isCloseTo(share, within(0.01));
    }

    @Test
    void aKnownLengthIsAsGoodAsCertain() {
        LengthForecast known = LengthForecast.exactly(200);

        assertThat(known.probabilityUpTo(190)).isLessThan(0.01);
        assertThat(known.probabilityUpTo(210)).isGreaterThan(0.99);
        assertThat(known.restAfter(150)).isCloseTo(50, within(1.0));
    }

    @Test
    void aTimeIsNeverAsSureAsALength() {
        // the pace strays by a fifth: ln(1.2) / 0.2 = 0.91 deviates, of which the normal law has 0.819 below
        assertThat(LengthForecast.exactly(200).chanceWithin(0, 240)).isCloseTo(0.819, within(1e-3));
        assertThat(FORECAST.chanceWithin(0, 150)).isCloseTo(FORECAST.probabilityUpTo(150), within(1e-9));
        assertThat(FORECAST.chanceWithin(30, 150)).isEqualTo(FORECAST.probabilityUpTo(30, 150));
    }

    @Test
    void anAnswerThatHasOutrunItsForecastStillNeedsAFiftiethOfItself() {
        assertThat(LengthForecast.exactly(10).restAfter(1000)).isEqualTo(20);
        assertThat(LengthForecast.exactly(10).probabilityUpTo(1000, 20)).isBetween(0.6, 0.7);
    }

    @Test
    void numbersThatAreNoLengthsAreRejected() {
        assertThatThrownBy(() -> new LengthForecast(Double.NaN, 1, 1)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new LengthForecast(1, 2, 1)).hasMessageContaining("not below the median");
    }

    private static double[] drawn() {
        SplittableRandom random = new SplittableRandom(42);
        double[] lengths = new double[200_000];
        Arrays.setAll(lengths, i -> MEDIAN * Math.exp(SPREAD * random.nextGaussian()));
        return lengths;
    }

    @Test
    void theRoomThatAnAnswerKeepsGrowsOnceItRunsOn() {
        LengthForecast forecast = new LengthForecast(110, 100, 200);

        assertThat(forecast.upperAfter(0)).isEqualTo(200);
        for (double written : new double[] {10, 50, 100, 150, 250, 600}) {
            double upper = forecast.upperAfter(written);
            // one in ten of those that are as long already is longer
            assertThat(forecast.probabilityUpTo(written, upper - written)).isCloseTo(0.9, within(2e-3));
            assertThat(upper).isGreaterThan(written);
        }
        assertThat(forecast.upperAfter(1e6)).isEqualTo(1e6 * 1.02);
    }
}
