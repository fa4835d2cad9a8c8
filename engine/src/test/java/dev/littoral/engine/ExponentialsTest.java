package dev.littoral.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExponentialsTest {

    @Test
    void theyAreThoseOfTheLibraryToTwelveDigits() {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 100_000; i++) {
            double power = -64 * random.nextDouble();
            assertThat(Exponentials.of(power)).isCloseTo(Math.exp(power), within(1e-12 * Math.exp(power)));
        }
        for (int i = 0; i < 64 * 64; i++) {
            double power = -i / 64.0;
            assertThat(Exponentials.of(power)).isCloseTo(Math.exp(power), within(1e-12 * Math.exp(power)));
        }
    }

    @Test
    void theLikeliestWordHasAWeightOfExactlyOne() {
        assertThat(Exponentials.of(0)).isEqualTo(1);
        assertThat(Exponentials.of(-0.0)).isEqualTo(1);
    }

    @Test
    void whatIsNextToNothingIsNothing() {
        assertThat(Exponentials.of(-64)).isZero();
        assertThat(Exponentials.of(-1e30)).isZero();
        assertThat(Exponentials.of(Double.NEGATIVE_INFINITY)).isZero();
    }
}
