package dev.littoral.algorithms.offloading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IodccTest {

    private static final double[][] ONE_SECOND = {{1, 1}, {1, 1}};
    private static final long[][] ONE_UNIT = {{1, 1}, {1, 1}};

    private final Iodcc iodcc = Iodcc.standard();

    @Test
    void requestsOfOneSlotAvoidEachOther() {
        // together on the first: 1 + 1 + 2^2 / 2 = 4; apart: 1 + 1.5 + 1/2 + 1/2 = 3.5
        var slot = new SlotProblem(
                new double[][] {{1, 1.5}, {1, 1.5}}, ONE_SECOND, ONE_UNIT, new long[] {9, 9}, new double[] {50, 50});

        Offloading offloading = iodcc.assign(slot, MemoryPrices.none(2));

        assertThat(offloading.value()).isCloseTo(3.5, within(1e-12));
        assertThat(offloading.assignment().device(0))
                .isNotEqualTo(offloading.assignment().device(1));
    }

    @Test
    void whatDoesNotFitIntoMemoryIsHeld() {
        var slot = new SlotProblem(
                new double[][] {{1, 1}, {1, 1}}, ONE_SECOND, ONE_UNIT, new long[] {1, 0}, new double[] {50, 40});

        // the dearer one to hold runs
        assertThat(iodcc.assign(slot, MemoryPrices.none(2)).assignment()).isEqualTo(new Assignment(0, Assignment.HELD));
    }

    @Test
    void whatNoDeviceCanRunIsHeld() {
        double no = Double.POSITIVE_INFINITY;
        var slot = new SlotProblem(
                new double[][] {{no, no}, {1, no}}, ONE_SECOND, ONE_UNIT, new long[] {9, 9}, new double[] {50, 50});

        assertThat(iodcc.assign(slot, MemoryPrices.none(2)).assignment()).isEqualTo(new Assignment(Assignment.HELD, 0));
    }

    @Test
    void anEmptySlotIsAnEmptyAssignment() {
        var slot = new SlotProblem(new double[0][], new double[0][], new long[0][], new long[] {1}, new double[0]);

        assertThat(iodcc.assign(slot, MemoryPrices.none(1)).value()).isZero();
    }

    @Test
    void withoutDevicesEverythingIsHeld() {
        var slot =
                new SlotProblem(new double[2][0], new double[2][0], new long[2][0], new long[0], new double[] {3, 4});

        assertThat(iodcc.assign(slot, MemoryPrices.none(0)).value()).isEqualTo(7);
    }

    /** 600 slots of up to 9 requests and 4 devices, memory from plenty to scarce. */
    @Test
    void theMeanGapToTheBestIsAtMostOnePercentAndNearlyAllAreWithinThree() {
        double[] gaps = IntStream.range(0, 600)
                .mapToDouble(seed -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    SlotProblem slot = RandomSlots.draw(
                            random, 1 + random.nextInt(9), 1 + random.nextInt(4), random.nextDouble(0.3, 1.6));
                    double best = BestAssignment.value(slot);
                    Offloading found = iodcc.assign(slot, MemoryPrices.none(slot.devices()));
                    assertThat(found.value()).isEqualTo(slot.value(found.assignment()));
                    assertThat(found.value()).isGreaterThanOrEqualTo(best - 1e-9);
                    return (found.value() - best) / best;
                })
                .sorted()
                .toArray();

        assertThat(Arrays.stream(gaps).average().orElseThrow()).isLessThanOrEqualTo(0.01);
        assertThat(gaps[gaps.length * 99 / 100]).isLessThanOrEqualTo(0.03);
    }

    @Test
    void theSameSlotIsAssignedAlikeEveryTime() {
        SlotProblem slot = RandomSlots.draw(new SplittableRandom(5), 40, 6, 1.2);

        assertThat(iodcc.assign(slot, MemoryPrices.none(6)).assignment())
                .isEqualTo(iodcc.assign(slot, MemoryPrices.none(6)).assignment());
    }

    @Test
    void aLargeSlotKeepsWithinMemory() {
        for (int seed = 0; seed < 20; seed++) {
            SlotProblem slot = RandomSlots.draw(new SplittableRandom(seed), 256, 32, 1.3);

            assertThat(iodcc.assign(slot, MemoryPrices.none(32)).value()).isFinite();
        }
    }

    @Test
    void pricesOfAnotherFleetAreRefused() {
        SlotProblem slot = RandomSlots.draw(new SplittableRandom(5), 4, 3, 1);

        assertThatThrownBy(() -> iodcc.assign(slot, MemoryPrices.none(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prices of 2 devices for 3");
    }

    @ParameterizedTest
    @CsvSource({
        "NaN, 1, 1, is none to count with",
        "1, -1, 1, work holds a number",
        "1, 1, -1, memory holds an amount",
        "1, 1, 2000000000000000, memory holds an amount"
    })
    void whatCannotBeCountedWithIsRefusedByName(double cost, double work, long memory, String why) {
        assertThatThrownBy(() -> new SlotProblem(
                        new double[][] {{cost}},
                        new double[][] {{work}},
                        new long[][] {{memory}},
                        new long[] {1},
                        new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void rowsThatDoNotMatchAreRefusedByName() {
        assertThatThrownBy(() -> new SlotProblem(
                        new double[][] {{1, 2}},
                        new double[][] {{1}},
                        new long[][] {{1, 1}},
                        new long[] {1, 1},
                        new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("work has 1 numbers for 2 devices in row 0");
    }
}
