package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.algorithms.offloading.Promises;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.Prices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What the comparison of rules does not show: energy against delay, promises, several schedulers. */
final class Extras {

    private static final double CALM = 0.7;
    private static final double BUSY = 0.95;
    private static final double[] SECONDS_PER_JOULE = {0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};
    private static final double[] SECONDS_PER_LOW_BIT_TOKEN = {0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};
    private static final double MOST_OVER_BUDGET = 1.02;
    private static final double PATIENCE_TOKENS = 250;
    private static final int SCHEDULERS = 3;

    private final Laboratory laboratory;

    Extras(Laboratory laboratory) {
        this.laboratory = laboratory;
    }

    void run(List<Trace> traces, List<FleetPlan> fleets, ObjectNode figures, Path out) throws IOException {
        Ratios joules = new Ratios();
        Ratios low = new Ratios();
        Ratios kept = new Ratios();
        ArrayNode paretos = figures.putArray("pareto");
        List<Chart.Line> delays = new ArrayList<>();
        List<Chart.Line> energies = new ArrayList<>();
        for (Trace trace : traces) {
            for (FleetPlan fleet : fleets) {
                Cell cell = new Cell(trace, fleet, CALM, Rules.Objective.LATENCY);
                Workload workload = laboratory.workload(cell);
                Figures best = opponent(cell, workload);
                List<Figures> byJoule = sweep(cell, workload, SECONDS_PER_JOULE, price -> new Prices(price, 0, 0));
                joules.add(cell.label(), least(byJoule, best, Figures::joules) / best.joules());
                if (best.lowBitShare() > 0) {
                    List<Figures> byBit =
                            sweep(cell, workload, SECONDS_PER_LOW_BIT_TOKEN, price -> new Prices(0, 0, price));
                    low.add(
                            cell.label(),
                            Math.max(1e-3, least(byBit, best, Figures::lowBitShare) / best.lowBitShare()));
                }
                kept.add(cell.label(), budget(cell, workload, byJoule));
                delays.add(line(cell.label(), byJoule, Figures::meanSeconds));
                energies.add(line(cell.label(), byJoule, Figures::joules));
                ObjectNode pareto = paretos.addObject().put("cell", cell.label());
                ArrayNode points = pareto.putArray("points");
                for (int n = 0; n < byJoule.size(); n++) {
                    byJoule.get(n).write(points.addObject().put("v_s_per_joule", SECONDS_PER_JOULE[n]));
                }
                best.write(pareto.putObject("best_opponent"));
            }
        }
        line("energy above idle at no more mean latency than the best opponent, load .7", joules, figures, "energy");
        line("tokens from low-bit variants at no more latency, load .7", low, figures, "low_bit");
        line("energy used over energy promised at the trace's end, load .7", kept, figures, "energy_budget");
        scaleOut(traces, fleets, figures);
        Chart.write(out.resolve("routing.svg"), SECONDS_PER_JOULE, delays, energies);
        Recovery.run(laboratory, fleets, figures);
        OfflineBound.run(laboratory.seed(), figures);
    }

    /** Lets three schedulers share what one does. */
    void scaleOut(List<Trace> traces, List<FleetPlan> fleets, ObjectNode figures) {
        Ratios shared = new Ratios();
        for (Trace trace : traces) {
            for (FleetPlan fleet : fleets) {
                Cell busy = new Cell(trace, fleet, BUSY, Rules.Objective.LATENCY);
                Workload work = laboratory.workload(busy);
                shared.add(
                        busy.label(),
                        laboratory.run(busy, work, Rules.LOO, SCHEDULERS).meanSeconds()
                                / laboratory.run(busy, work, Rules.LOO).meanSeconds());
            }
        }
        line("three schedulers' mean latency over one's, load .95", shared, figures, "scale_out");
    }

    private static void line(String name, Ratios ratios, ObjectNode figures, String key) {
        if (!ratios.empty()) {
            System.out.printf("%s%n  %s%n", name, ratios.line());
            ratios.write(figures.putObject(key));
        }
    }

    private Figures opponent(Cell cell, Workload workload) {
        return Rules.all().stream()
                .filter(Rules::opponent)
                .map(rule -> laboratory.run(cell, workload, rule))
                .min(Comparator.comparingDouble(Figures::meanSeconds))
                .orElseThrow();
    }

    private interface Pricing {
        Prices at(double price);
    }

    private List<Figures> sweep(Cell cell, Workload workload, double[] prices, Pricing pricing) {
        List<Figures> figures = new ArrayList<>();
        for (double price : prices) {
            DispatchRule rule = HoldInOrder.shortestFirst(() -> pricing.at(price));
            figures.add(laboratory.run(cell, workload, Knowledge.PREDICTED, List.of(rule)));
        }
        return figures;
    }

    /** Gives the least of a figure among runs that are as quick as the opponent; infinite if none is. */
    private static double least(List<Figures> runs, Figures opponent, ToDoubleFunction<Figures> figure) {
        return runs.stream()
                .filter(each -> each.meanSeconds() <= opponent.meanSeconds())
                .mapToDouble(figure)
                .min()
                .orElse(figure.applyAsDouble(runs.getFirst()));
    }

    /** Promises the energy half-way between what the cheapest and the dearest run of the sweep took. */
    private double budget(Cell cell, Workload workload, List<Figures> byJoule) {
        double most = byJoule.getFirst().joules();
        double least = byJoule.stream().mapToDouble(Figures::joules).min().orElse(most);
        double tokens = cell.trace().meanAnswer() * cell.trace().arrivals().size();
        double promised = (most + least) / 2;
        List<SimulatedDevice> devices = cell.fleet().devices();
        Promises promises = new Promises(
                new Promises.Budgets(promised / tokens, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY),
                byJoule.getFirst().perTokenSeconds(),
                PATIENCE_TOKENS);
        Simulation simulation = new Simulation(devices, List.of(new PromiseKeeping(promises, devices)), false);
        SimulationLog log = simulation.run(workload.requests(Knowledge.PREDICTED));
        double ratio = Figures.of(log, devices).joules() / promised;
        if (ratio > MOST_OVER_BUDGET) {
            System.out.printf(Locale.ROOT, "energy budget of %s: %.3f of what is promised%n", cell.label(), ratio);
        }
        return ratio;
    }

    private static Chart.Line line(String name, List<Figures> runs, ToDoubleFunction<Figures> figure) {
        double first = figure.applyAsDouble(runs.getFirst());
        return new Chart.Line(
                name,
                runs.stream()
                        .mapToDouble(each -> figure.applyAsDouble(each) / first)
                        .boxed()
                        .toList());
    }
}
