package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Every rule in every cell, and ours against the best of the others in each. */
final class Comparison {

    private static final double OVERLOAD_FROM = 0.85;
    private static final double CALM_UP_TO = 1;
    private static final double JUDGED_FROM = 0.7;

    private final Laboratory laboratory;
    private final List<Rules> rules;
    private final Map<Cell, Map<Rules, Figures>> runs = new LinkedHashMap<>();
    private final Map<Cell, Double> reachable = new ConcurrentHashMap<>();

    Comparison(Laboratory laboratory, List<Rules> rules) {
        this.laboratory = laboratory;
        this.rules = rules;
    }

    void run(List<Trace> traces, List<FleetPlan> fleets, List<Double> loads, ObjectNode figures) {
        for (Trace trace : traces) {
            for (FleetPlan fleet : fleets) {
                for (double load : loads) {
                    if (load >= OVERLOAD_FROM) {
                        runs.put(new Cell(trace, fleet, load, Rules.Objective.DEADLINES), new ConcurrentHashMap<>());
                    }
                    if (load <= CALM_UP_TO) {
                        runs.put(new Cell(trace, fleet, load, Rules.Objective.LATENCY), new ConcurrentHashMap<>());
                    }
                }
            }
        }
        runs.entrySet().parallelStream().forEach(run -> {
            Workload workload = laboratory.workload(run.getKey());
            reachable.put(run.getKey(), workload.reachableShare(run.getKey().fleet()));
            rules.forEach(rule -> run.getValue().put(rule, laboratory.run(run.getKey(), workload, rule)));
        });
        print(figures);
    }

    List<String> csv() {
        List<String> lines = new ArrayList<>(List.of(Figures.CSV_HEADER));
        runs.forEach((cell, byRule) ->
                rules.forEach(rule -> lines.add(of(rule, byRule).csv(cell, rule.label()))));
        return lines;
    }

    /** Gives what each rule came to at each load, in the geometric mean over traces and fleets. */
    List<Chart.Panel> panels() {
        List<Double> loads =
                runs.keySet().stream().map(Cell::load).distinct().sorted().toList();
        return List.of(
                panel("share in time", loads, Rules.Objective.DEADLINES, Figures::met),
                panel("mean latency, s", loads, Rules.Objective.LATENCY, Figures::meanSeconds));
    }

    private Chart.Panel panel(
            String title, List<Double> loads, Rules.Objective objective, ToDoubleFunction<Figures> figure) {
        List<Chart.Line> lines = new ArrayList<>();
        for (Rules rule : rules) {
            lines.add(new Chart.Line(
                    rule.label(),
                    loads.stream()
                            .map(load ->
                                    mean(rule, cell -> cell.objective() == objective && cell.load() == load, figure))
                            .toList()));
        }
        return new Chart.Panel(title, "load", loads.stream().map(Chart::plain).toList(), lines);
    }

    private void print(ObjectNode figures) {
        System.out.printf(
                "%-20s%12s%14s%14s%12s   geometric means over all cells%n",
                "RULE", "IN TIME", "MEAN s", "s/TOKEN", "P99 s");
        ObjectNode byRule = figures.putObject("rules");
        for (Rules rule : rules) {
            double met = mean(rule, Rules.Objective.DEADLINES, Figures::met);
            double seconds = mean(rule, Rules.Objective.LATENCY, Figures::meanSeconds);
            double perToken = mean(rule, Rules.Objective.LATENCY, Figures::perTokenSeconds);
            double p99 = mean(rule, Rules.Objective.LATENCY, Figures::p99Seconds);
            System.out.printf(
                    Locale.ROOT,
                    "%-20s%12s%14s%14s%12s%n",
                    rule.label(),
                    number("%.1f%%", 100 * met),
                    number("%.2f", seconds),
                    number("%.4f", perToken),
                    number("%.1f", p99));
            byRule.putObject(rule.label())
                    .put("in_time", met)
                    .put("mean_s", seconds)
                    .put("per_token_s", perToken)
                    .put("p99_s", p99);
        }
        if (rules.stream().anyMatch(Rules::opponent)) {
            bound(figures);
            ObjectNode ours = figures.putObject("against_best_opponent");
            for (Rules rule : rules) {
                if (!rule.opponent()) {
                    against(rule, ours.putObject(rule.label()));
                }
            }
        } else {
            System.out.println("ours against the best opponent: left out, --rules names no opponent");
        }
    }

    /** Leaves out what no cell has: a load of more than 1 has no mean latency, one of less than .85 no deadlines. */
    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    /** Prints by how much the best opponent of each cell could be beaten at all. */
    private void bound(ObjectNode figures) {
        Ratios most = new Ratios();
        runs.forEach((cell, byRule) -> {
            if (cell.objective() == Rules.Objective.DEADLINES) {
                double best = byRule.entrySet().stream()
                        .filter(each -> each.getKey().opponent())
                        .mapToDouble(each -> each.getValue().met())
                        .max()
                        .orElseThrow();
                most.add(cell.label(), Optional.ofNullable(reachable.get(cell)).orElseThrow() / best);
            }
        });
        if (!most.empty()) {
            System.out.println("in time if every request had its quickest device to itself, against the best opponent");
        }
        line("no rule can have more", most, figures.putObject("in_time_bound"));
    }

    private void against(Rules rule, ObjectNode node) {
        Ratios met = new Ratios();
        Ratios seconds = new Ratios();
        Ratios perToken = new Ratios();
        Ratios p99 = new Ratios();
        runs.forEach((cell, byRule) -> {
            Figures ours = of(rule, byRule);
            List<Figures> others = byRule.entrySet().stream()
                    .filter(each -> each.getKey().opponent())
                    .map(Map.Entry::getValue)
                    .toList();
            switch (cell.objective()) {
                case DEADLINES -> met.add(cell.label(), ours.met() / most(others, Figures::met));
                case LATENCY -> {
                    if (cell.load() >= JUDGED_FROM) {
                        Figures best = others.stream()
                                .min(Comparator.comparingDouble(Figures::meanSeconds))
                                .orElseThrow();
                        seconds.add(cell.label(), ours.meanSeconds() / best.meanSeconds());
                        perToken.add(
                                cell.label(), ours.perTokenSeconds() / -most(others, each -> -each.perTokenSeconds()));
                        p99.add(cell.label(), ours.p99Seconds() / best.p99Seconds());
                    }
                }
            }
        });
        if (!met.empty() || !seconds.empty()) {
            System.out.println(rule.label() + " against the best opponent of each cell");
        }
        line("in time, loads .85 to 1.2", met, node.putObject("in_time"));
        line("mean latency, loads .7 to 1.0", seconds, node.putObject("mean_s"));
        line("mean latency per token", perToken, node.putObject("per_token_s"));
        line("P99 of the one best in the mean", p99, node.putObject("p99_s"));
    }

    private static void line(String name, Ratios ratios, ObjectNode node) {
        if (!ratios.empty()) {
            System.out.printf("  %-34s%s%n", name, ratios.line());
            ratios.write(node);
        }
    }

    private static Figures of(Rules rule, Map<Rules, Figures> byRule) {
        return Optional.ofNullable(byRule.get(rule)).orElseThrow();
    }

    private static double most(List<Figures> figures, ToDoubleFunction<Figures> figure) {
        return figures.stream().mapToDouble(figure).max().orElseThrow();
    }

    private double mean(Rules rule, Rules.Objective objective, ToDoubleFunction<Figures> figure) {
        return mean(rule, cell -> cell.objective() == objective, figure);
    }

    private double mean(Rules rule, Predicate<Cell> chosen, ToDoubleFunction<Figures> figure) {
        Ratios ratios = new Ratios();
        runs.forEach((cell, byRule) -> {
            if (chosen.test(cell)) {
                ratios.add(cell.label(), figure.applyAsDouble(of(rule, byRule)));
            }
        });
        return ratios.geometricMean();
    }
}
