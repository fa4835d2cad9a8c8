package dev.littoral.algorithms.offloading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.ortools.Loader;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our optimum and IODCC against a solver that knows neither. */
class SolverOracleTest {

    @BeforeAll
    static void load() {
        String machine = System.getProperty("os.name").toLowerCase(Locale.ROOT) + " " + System.getProperty("os.arch");
        String library = switch (machine) {
            case "linux amd64" -> "ortools-linux-x86-64";
            case "linux aarch64" -> "ortools-linux-aarch64";
            default -> "";
        };
        assumeTrue(!library.isEmpty(), "NOT RUN: OR-tools has no native library among our dependencies for " + machine);
        Loader.loadNativeLibraries();
    }

    /** 100 slots of 12 requests and 5 devices, memory from plenty to scarce. */
    @Test
    void ourOptimumIsTheSolversAndIodccIsWithinOnePercentOfItInTheMean() {
        double meanGap = IntStream.range(0, 100)
                .mapToDouble(seed -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    SlotProblem slot = CpSatSlot.onGrid(RandomSlots.draw(random, 12, 5, random.nextDouble(0.3, 1.6)));
                    double best = CpSatSlot.leastValue(slot);
                    assertThat(BestAssignment.value(slot)).isEqualTo(best);
                    double found = Iodcc.standard()
                            .assign(slot, MemoryPrices.none(slot.devices()))
                            .value();
                    assertThat(found).isGreaterThanOrEqualTo(best);
                    return (found - best) / best;
                })
                .average()
                .orElseThrow();

        assertThat(meanGap).isLessThanOrEqualTo(0.01);
    }

    @Test
    void whatNoDeviceHasMemoryForIsHeldByTheSolverToo() {
        // both on one device do not fit: 1 + 1/2 and the cheaper one to hold
        var slot = new SlotProblem(
                new double[][] {{1}, {1}},
                new double[][] {{1}, {1}},
                new long[][] {{1}, {1}},
                new long[] {1},
                new double[] {50, 40});

        assertThat(CpSatSlot.leastValue(slot)).isEqualTo(41.5);
    }
}
