package dev.littoral.algorithms.offloading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PromisesTest {

    private static final double NONE = Double.POSITIVE_INFINITY;

    @Test
    void whatIsWithinItsBudgetCostsNothing() {
        Promises promises = new Promises(new Promises.Budgets(2, 0.5, 0.3), 0.1, 1000);

        promises.used(100, 200, 50, 30);

        assertThat(promises.secondsPerJoule()).isZero();
        assertThat(promises.secondsPerMoney()).isZero();
        assertThat(promises.secondsPerLowBitToken()).isZero();
    }

    @Test
    void aDebtOfAThousandTokensBudgetsMakesATokensBudgetCostAsMuchAsATokensTime() {
        Promises promises = new Promises(new Promises.Budgets(2, NONE, NONE), 0.1, 1000);

        promises.used(0, 2000, 7, 7);

        // 2 J at 0.05 s each are 0.1 s
        assertThat(promises.joulesOwed()).isEqualTo(2000);
        assertThat(promises.secondsPerJoule()).isCloseTo(0.05, within(1e-12));
        assertThat(promises.moneyOwed()).isZero();
        assertThat(promises.lowBitTokensOwed()).isZero();
    }

    @Test
    void whatIsSavedPaysOldDebts() {
        Promises promises = new Promises(new Promises.Budgets(2, NONE, 0.5), 0.1, 1000);
        promises.used(100, 500, 0, 80);
        assertThat(promises.lowBitTokensOwed()).isEqualTo(30);

        promises.used(100, 100, 0, 25);

        // 300 owed, 100 saved; 30 owed, 25 saved
        assertThat(promises.joulesOwed()).isEqualTo(200);
        assertThat(promises.lowBitTokensOwed()).isEqualTo(5);
    }

    @Test
    void aBudgetThatNothingCouldKeepIsRejected() {
        assertThatThrownBy(() -> new Promises.Budgets(0, 1, 1)).hasMessageContaining("positive");
        assertThatThrownBy(() -> new Promises.Budgets(1, 1, -0.1)).hasMessageContaining("negative");
        assertThatThrownBy(() -> new Promises(Promises.Budgets.NONE, 0, 1)).hasMessageContaining("secondsPerToken");
    }

    @Test
    void whatMayNotBeUsedAtAllOutweighsAnyDelayFromTheStart() {
        Promises promises = new Promises(new Promises.Budgets(NONE, 0, 0, 0), 0.1, 1000);

        // an hour is 3,600 s: a millionth of a unit of money, a token, a miss of answers of 50 tokens
        assertThat(promises.secondsPerMoney() * 1e-6).isGreaterThan(3600);
        assertThat(promises.secondsPerLowBitToken()).isGreaterThan(3600);
        assertThat(promises.secondsPerMiss(50)).isGreaterThan(3600);
        assertThat(promises.secondsPerJoule()).isZero();
    }

    @Test
    void whatWasUsedOfNothingIsOwedForEver() {
        Promises promises = new Promises(new Promises.Budgets(NONE, 0, 0, 0), 0.1, 1000);

        promises.used(100, 0, 0.5, 30);
        promises.ended(10, 1);
        promises.used(1e6, 0, 0, 0);
        promises.ended(1e4, 0);

        assertThat(promises.moneyOwed()).isEqualTo(0.5);
        assertThat(promises.lowBitTokensOwed()).isEqualTo(30);
        assertThat(promises.missesOwed()).isEqualTo(1);
        assertThat(promises.secondsPerLowBitToken()).isFinite();
    }

    @Test
    void missedDeadlinesBeyondTheirShareMakeAMissDear() {
        Promises promises = new Promises(new Promises.Budgets(NONE, NONE, NONE, 0.1), 0.05, 1000);

        promises.ended(100, 10);
        assertThat(promises.secondsPerMiss(50)).isZero();
        promises.ended(0, 2);

        // 20 answers of 50 tokens are the patience: a debt of their 2 misses makes .1 miss cost an answer's 2.5 s
        assertThat(promises.missesOwed()).isEqualTo(2);
        assertThat(promises.secondsPerMiss(50)).isCloseTo(25, within(1e-9));
    }
}
