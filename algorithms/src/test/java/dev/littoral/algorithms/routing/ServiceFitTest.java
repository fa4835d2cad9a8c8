package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ServiceFitTest {

    private static final ServiceTimes CLAIMED = new ServiceTimes(0.001, 0.02, 0.5);
    private static final ServiceTimes TRUE = new ServiceTimes(0.004, 0.05, 0.18);

    @Test
    void withoutObservationsTheAgentIsBelieved() {
        ServiceTimes fit = new ServiceFit(10).at(5, CLAIMED);

        assertThat(fit.secondsPerPromptToken()).isCloseTo(0.001, within(1e-12));
        assertThat(fit.secondsPerAnswerToken()).isCloseTo(0.02, within(1e-12));
        assertThat(fit.slope()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void aSlopeIsFoundAmongNoise() {
        SplittableRandom random = new SplittableRandom(7);
        ServiceFit fit = new ServiceFit(1000);
        for (int i = 0; i < 500; i++) {
            int sequences = 1 + random.nextInt(8);
            double noise = Math.exp(0.1 * random.nextGaussian());
            fit.read(i * 0.01, 500, 500 * TRUE.secondsPerPromptToken() * noise);
            fit.wrote(i * 0.01, 20, 20 * TRUE.perToken(sequences) * noise, sequences);
        }

        ServiceTimes found = fit.at(5, CLAIMED);

        assertThat(found.secondsPerPromptToken()).isCloseTo(0.004, within(0.0002));
        for (int sequences : new int[] {1, 4, 8}) {
            double wanted = TRUE.perToken(sequences);
            assertThat(found.perToken(sequences)).isCloseTo(wanted, within(0.06 * wanted));
        }
    }

    @Test
    void anAgentThatSlowsToAThirdIsNoticedWithinTenSeconds() {
        ServiceFit fit = new ServiceFit(4);
        for (int i = 0; i < 200; i++) {
            fit.wrote(i * 0.5, 10, 10 * 0.05, 1);
        }
        for (int i = 0; i < 20; i++) {
            fit.wrote(100 + i * 0.5, 3.33, 3.33 * 0.15, 1);
        }

        // tokens weigh: a slow agent gives fewer of them, 4 s half-life all the same
        assertThat(fit.at(110, CLAIMED).perToken(1)).isGreaterThan(0.1);
    }

    @Test
    void whatIsOldGivesWayToTheAgentsWord() {
        ServiceFit fit = new ServiceFit(4);
        fit.wrote(0, 1000, 1000 * 0.05, 1);

        assertThat(fit.at(0, CLAIMED).perToken(1)).isCloseTo(0.05, within(0.001));
        assertThat(fit.at(200, CLAIMED).perToken(1)).isCloseTo(0.02, within(1e-6));
    }

    @Test
    void nonsenseIsPassedOver() {
        ServiceFit fit = new ServiceFit(4);
        fit.wrote(1, -5, 1, 1);
        fit.wrote(1, 5, Double.NaN, 1);
        fit.wrote(1, 5, 1, 0);
        fit.read(1, 10, Double.POSITIVE_INFINITY);

        assertThat(fit.at(1, CLAIMED).perToken(3)).isCloseTo(CLAIMED.perToken(3), within(1e-9));
    }
}
