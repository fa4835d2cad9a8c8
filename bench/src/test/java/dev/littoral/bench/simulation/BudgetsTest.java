package dev.littoral.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetsTest {

    private static final double[][] INDEPENDENT = new double[20][20];

    static {
        Arrays.stream(INDEPENDENT).forEach(row -> Arrays.fill(row, 0.05));
    }

    @Test
    void budgetsOfEnergyMoneyAndLowBitTokensAreKeptAloneAndTogether() throws IOException {
        Laboratory laboratory = new Laboratory(new Copula(INDEPENDENT), Slowness.FASTEST, 5);
        Cell cell = new Cell(Trace.synthetic(3, 600), FleetPlan.find("small"), 0.7, Rules.Objective.LATENCY);
        Workload workload = laboratory.workload(cell);
        Map<Promised, PriceSweep> sweeps = new EnumMap<>(Promised.class);
        for (Promised promised : Promised.values()) {
            sweeps.put(promised, PriceSweep.of(laboratory, cell, workload, promised));
        }

        Budgets budgets = Budgets.run(laboratory, cell, workload, sweeps);

        assertThat(budgets.alone()).containsOnlyKeys(Promised.values());
        assertThat(budgets.together()).containsOnlyKeys(Promised.values());
        assertThat(budgets.alone().values()).allMatch(kept -> kept.ratio() <= Budgets.MOST_OVER);
        assertThat(budgets.together().values()).allMatch(kept -> kept.ratio() <= Budgets.MOST_OVER);
    }

    @Test
    void aFleetOfOneKindHasNothingToPromise() throws IOException {
        Laboratory laboratory = new Laboratory(new Copula(INDEPENDENT), Slowness.FASTEST, 5);
        FleetPlan fleet = new FleetPlan("one", List.of(new DeviceKind("serial", 2, 1000, 20, 0, 1, 1e6, 1, 9, 1, 8)));
        Cell cell = new Cell(Trace.synthetic(3, 100), fleet, 0.6, Rules.Objective.LATENCY);
        Workload workload = laboratory.workload(cell);

        Budgets budgets = Budgets.run(
                laboratory,
                cell,
                workload,
                Map.of(
                        Promised.MONEY, PriceSweep.of(laboratory, cell, workload, Promised.MONEY),
                        Promised.LOW_BIT, PriceSweep.of(laboratory, cell, workload, Promised.LOW_BIT)));

        assertThat(budgets.alone()).isEmpty();
        assertThat(budgets.together()).isEmpty();
    }

    @Test
    void whereNoPriceIsAsQuickAsTheOpponentThereIsNoFigure() throws IOException {
        Laboratory laboratory = new Laboratory(new Copula(INDEPENDENT), Slowness.FASTEST, 5);
        Cell cell = new Cell(Trace.synthetic(3, 60), FleetPlan.find("small"), 0.5, Rules.Objective.LATENCY);
        Figures run = laboratory.run(cell, laboratory.workload(cell), Rules.LOO);
        Figures slow = laboratory.run(cell, laboratory.workload(cell), Rules.RANDOM);

        assertThat(new PriceSweep(List.of(slow)).leastAsQuickAs(run, Figures::joules))
                .isEmpty();
        assertThat(new PriceSweep(List.of(run)).leastAsQuickAs(slow, Figures::joules))
                .hasValue(run.joules());
    }
}
