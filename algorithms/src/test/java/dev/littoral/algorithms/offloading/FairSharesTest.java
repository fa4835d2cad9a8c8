package dev.littoral.algorithms.offloading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FairSharesTest {

    private static final Set<Long> BOTH = Set.of(1L, 2L);

    private final FairShares shares = new FairShares(30, 100);

    @Test
    void whoeverIsAloneOwesNothing() {
        shares.served(0, 1, 1000, Set.of(1L));

        assertThat(shares.owed(0, 1)).isZero();
        assertThat(shares.debtors()).isZero();
    }

    @Test
    void whatGoesBeyondAnEqualShareIsOwed() {
        shares.served(0, 1, 10, BOTH);
        shares.served(0, 1, 10, BOTH);
        assertThat(shares.owed(0, 1)).isEqualTo(10);

        // 4 s for the other: its own 2 beyond its share, 2 less owed by the first
        shares.served(0, 2, 4, BOTH);

        assertThat(shares.owed(0, 1)).isEqualTo(8);
        assertThat(shares.owed(0, 2)).isEqualTo(2);
        assertThat(shares.most(0)).isEqualTo(8);
    }

    @Test
    void whatAnAnswerWasTooShortToUseIsTakenBack() {
        shares.served(0, 1, 10, BOTH);

        shares.served(0, 1, -10, BOTH);

        assertThat(shares.owed(0, 1)).isZero();
    }

    @Test
    void aDebtFadesByHalfInAHalfLife() {
        shares.served(0, 1, 20, BOTH);

        assertThat(shares.owed(30, 1)).isCloseTo(5, within(1e-9));
    }

    @Test
    void onlyTheLargestDebtsAreRemembered() {
        FairShares few = new FairShares(30, 2);

        few.served(0, 1, 8, Set.of(1L, 9L));
        few.served(0, 2, 2, Set.of(2L, 9L));
        few.served(0, 3, 6, Set.of(3L, 9L));

        assertThat(few.debtors()).isEqualTo(2);
        assertThat(few.owed(0, 2)).isZero();
        assertThat(few.owed(0, 3)).isEqualTo(3);
    }

    @Test
    void servingWhoeverOwesLeastKeepsAllWithinOneRequestOfEachOther() {
        SplittableRandom random = new SplittableRandom(7);
        double[] got = new double[4];
        Set<Long> all = Set.of(0L, 1L, 2L, 3L);
        for (int turn = 0; turn < 2000; turn++) {
            int next = 0;
            for (int key = 1; key < 4; key++) {
                next = shares.owed(0, key) < shares.owed(0, next) ? key : next;
            }
            double seconds = random.nextDouble(0.1, 5);
            shares.served(0, next, seconds, all);
            got[next] += seconds;
        }

        for (double each : got) {
            // nobody saves up, so that each turn may leave a share behind; 2,000 turns of 2.5 s leave 1,250 s each
            assertThat(each).isCloseTo(1275, within(0.1 * 1275));
        }
    }

    @Test
    void numbersThatAreNoHalfLifeAreRejected() {
        assertThatThrownBy(() -> new FairShares(0, 1)).hasMessageContaining("halfLifeSeconds");
        assertThatThrownBy(() -> new FairShares(1, 0)).hasMessageContaining("mostKeys");
    }
}
