package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What promises are made of: prices against delay, what they save beside the best opponent, and kept budgets. */
final class PromiseFigures {

    /** Below this a share of tokens counts as this: a ratio of nothing has no logarithm. */
    private static final double LEAST_RATIO = 1e-3;

    private record Done(Cell cell, Optional<Figures> opponent, Map<Promised, PriceSweep> sweeps, Budgets budgets) {

        PriceSweep sweep(Promised promised) {
            return Optional.ofNullable(sweeps.get(promised)).orElseThrow();
        }
    }

    private final Laboratory laboratory;
    private final List<Rules> opponents;

    /** Takes the rules that ours is held against; none leaves that comparison out. */
    PromiseFigures(Laboratory laboratory, List<Rules> opponents) {
        this.laboratory = laboratory;
        this.opponents = opponents;
    }

    void run(List<Cell> cells, ObjectNode figures, Path picture) throws IOException {
        List<Done> done = cells.parallelStream().map(this::run).toList();
        figures.set("pareto", paretos(done, figures.arrayNode()));
        if (opponents.isEmpty()) {
            System.out.println("energy and low-bit tokens against the best opponent: left out, --rules names none");
        } else {
            against("energy above idle", "energy", Promised.ENERGY, Figures::joules, done, figures);
            against("tokens from low-bit variants", "low_bit", Promised.LOW_BIT, Figures::lowBitShare, done, figures);
        }
        Budgets.report(done.stream().map(Done::budgets).toList(), figures);
        picture(done, picture);
    }

    private Done run(Cell cell) {
        Workload workload = laboratory.workload(cell);
        Optional<Figures> best = opponents.stream()
                .map(rule -> laboratory.run(cell, workload, rule))
                .min(Comparator.comparingDouble(Figures::meanSeconds));
        Map<Promised, PriceSweep> sweeps = new EnumMap<>(Promised.class);
        for (Promised promised : Promised.values()) {
            sweeps.put(promised, PriceSweep.of(laboratory, cell, workload, promised));
        }
        return new Done(cell, best, sweeps, Budgets.run(laboratory, cell, workload, sweeps));
    }

    private static ArrayNode paretos(List<Done> done, ArrayNode written) {
        for (Done each : done) {
            ObjectNode pareto = written.addObject().put("cell", each.cell().label());
            ArrayNode points = pareto.putArray("points");
            List<Figures> runs = each.sweep(Promised.ENERGY).runs();
            for (int n = 0; n < runs.size(); n++) {
                runs.get(n)
                        .write(points.addObject()
                                .put("v_s_per_joule", Promised.ENERGY.sweep().get(n)));
            }
            each.opponent().ifPresent(best -> best.write(pareto.putObject("best_opponent")));
        }
        return written;
    }

    /** Prints what a price saves without being slower than the opponent; where it is always slower is no such figure. */
    private static void against(
            String name,
            String key,
            Promised promised,
            ToDoubleFunction<Figures> figure,
            List<Done> done,
            ObjectNode figures) {
        Ratios ratios = new Ratios();
        List<String> slower = new ArrayList<>();
        for (Done each : done) {
            Figures best = each.opponent().orElseThrow();
            OptionalDouble least = each.sweep(promised).leastAsQuickAs(best, figure);
            if (figure.applyAsDouble(best) == 0) {
                ratios.leaveOut();
            } else if (least.isEmpty()) {
                ratios.leaveOut();
                slower.add(each.cell().label());
            } else {
                ratios.add(
                        each.cell().label(), Math.max(LEAST_RATIO, least.orElseThrow() / figure.applyAsDouble(best)));
            }
        }
        System.out.println(name + " at no more mean latency than the best opponent");
        if (!ratios.empty()) {
            System.out.println("  " + ratios.line());
        }
        if (!slower.isEmpty()) {
            System.out.printf(
                    Locale.ROOT,
                    "  left out: at no price as quick as the opponent in %d: %s%n",
                    slower.size(),
                    String.join(", ", slower));
        }
        ObjectNode node = figures.putObject(key);
        ratios.write(node);
        slower.forEach(node.putArray("slower_at_every_price")::add);
    }

    private static void picture(List<Done> done, Path picture) throws IOException {
        List<Chart.Line> delays = new ArrayList<>();
        List<Chart.Line> energies = new ArrayList<>();
        for (Done each : done) {
            PriceSweep sweep = each.sweep(Promised.ENERGY);
            delays.add(new Chart.Line(each.cell().label(), sweep.relative(Figures::meanSeconds)));
            energies.add(new Chart.Line(each.cell().label(), sweep.relative(Figures::joules)));
        }
        List<String> weights =
                Promised.ENERGY.sweep().stream().map(Chart::plain).toList();
        Chart.write(
                picture,
                List.of(
                        new Chart.Panel("mean latency over that at V = 0", Promised.ENERGY.unit(), weights, delays),
                        new Chart.Panel(
                                "energy above idle over that at V = 0", Promised.ENERGY.unit(), weights, energies)));
    }
}
