package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.algorithms.offloading.Promises;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Long-term promises in one cell, each alone and all at once: what was used by the trace's end, over what was promised.
 *
 * <p>Promised is half-way between what our rule uses without a price and the least that a fixed price brings it to: half of
 * the tokens by the one, half by the other keep that, so it can be kept. For all at once the least is the run at prices of
 * everything whose uses, each over that without a price, sum to least.
 *
 * @param alone by what is promised; what no price changes is left out
 * @param together the same for all of these at once
 */
record Budgets(Cell cell, Map<Promised, Kept> alone, Map<Promised, Kept> together) {

    /** More than this over its promise is not kept. */
    static final double MOST_OVER = 1.02;

    /** As the scheduler has it. */
    private static final double PATIENCE_TOKENS = 250;

    /** What prices change by less is nothing that could be promised. */
    private static final double LEAST_CHOICE = 0.02;

    /**
     * What came of one promise.
     *
     * @param promised per answer token
     * @param used per answer token
     * @param slower mean latency over that without promises
     */
    record Kept(double promised, double used, double slower) {

        double ratio() {
            return used / promised;
        }
    }

    static Budgets run(Laboratory laboratory, Cell cell, Workload workload, Map<Promised, PriceSweep> sweeps) {
        Map<Promised, Double> promises = new EnumMap<>(Promised.class);
        Map<Promised, Kept> alone = new EnumMap<>(Promised.class);
        sweeps.forEach((promised, sweep) -> {
            double most = promised.perToken(sweep.unpriced());
            double least =
                    sweep.runs().stream().mapToDouble(promised::perToken).min().orElse(most);
            if (least < (1 - LEAST_CHOICE) * most) {
                promises.put(promised, (most + least) / 2);
                alone.putAll(keep(laboratory, cell, workload, sweep.unpriced(), Map.of(promised, (most + least) / 2)));
            }
        });
        if (promises.size() < 2) {
            return new Budgets(cell, alone, Map.of());
        }
        PriceSweep all = PriceSweep.ofAll(laboratory, cell, workload);
        Figures frugal = all.runs().stream()
                .min(Comparator.comparingDouble(run -> promises.keySet().stream()
                        .mapToDouble(each -> each.perToken(run) / each.perToken(all.unpriced()))
                        .sum()))
                .orElseThrow();
        promises.replaceAll((promised, _) -> (promised.perToken(all.unpriced()) + promised.perToken(frugal)) / 2);
        return new Budgets(cell, alone, keep(laboratory, cell, workload, all.unpriced(), promises));
    }

    /** Prints each cell and what the cells have in common, and writes both. */
    static void report(List<Budgets> cells, ObjectNode figures) {
        System.out.println("use over promise at the trace's end, each promise alone, then all at once; - where no price"
                + " changes the use");
        System.out.printf(
                "  %-26s%8s%8s%8s   %8s%8s%8s%n", "", "ENERGY", "MONEY", "LOW-BIT", "ENERGY", "MONEY", "LOW-BIT");
        ObjectNode written = figures.putObject("budgets");
        for (Budgets each : cells) {
            System.out.printf("  %-26s%s   %s%n", each.cell.label(), columns(each.alone), columns(each.together));
            ObjectNode node = written.putObject(each.cell.label());
            write(each.alone, node.putObject("alone"));
            write(each.together, node.putObject("together"));
        }
        for (Promised promised : Promised.values()) {
            summary(promised, "alone", cells, Budgets::alone, figures);
            summary(promised, "together", cells, Budgets::together, figures);
        }
    }

    private static void summary(
            Promised promised,
            String how,
            List<Budgets> cells,
            Function<Budgets, Map<Promised, Kept>> which,
            ObjectNode figures) {
        Ratios ratios = new Ratios();
        Ratios slower = new Ratios();
        int over = 0;
        for (Budgets each : cells) {
            Optional<Kept> found = Optional.ofNullable(which.apply(each).get(promised));
            if (found.isEmpty()) {
                ratios.leaveOut();
                continue;
            }
            Kept kept = found.orElseThrow();
            ratios.add(each.cell.label(), kept.ratio());
            slower.add(each.cell.label(), kept.slower());
            over += kept.ratio() > MOST_OVER ? 1 : 0;
        }
        if (!ratios.empty()) {
            System.out.printf(
                    Locale.ROOT,
                    "%s budget, %s: %d of %d cells more than 2 %% over; mean latency %.3f x that without promises%n  %s%n",
                    promised.label().replace('_', '-'),
                    how,
                    over,
                    ratios.count(),
                    slower.geometricMean(),
                    ratios.line());
            ObjectNode node = figures.putObject(promised.label() + "_budget_" + how);
            ratios.write(node);
            node.put("cells_over", over).put("mean_s_over_unpromised", slower.geometricMean());
        }
    }

    private static Map<Promised, Kept> keep(
            Laboratory laboratory,
            Cell cell,
            Workload workload,
            Figures unpriced,
            Map<Promised, Double> promisedPerToken) {
        List<SimulatedDevice> devices = cell.fleet().devices();
        Promises promises =
                new Promises(Promised.budgets(promisedPerToken), unpriced.perTokenSeconds(), PATIENCE_TOKENS);
        Figures run =
                laboratory.run(devices, workload.requests(Knowledge.PREDICTED), new PromiseKeeping(promises, devices));
        Map<Promised, Kept> kept = new EnumMap<>(Promised.class);
        promisedPerToken.forEach((promised, perToken) -> kept.put(
                promised, new Kept(perToken, promised.perToken(run), run.meanSeconds() / unpriced.meanSeconds())));
        return kept;
    }

    private static String columns(Map<Promised, Kept> kept) {
        return Arrays.stream(Promised.values())
                .map(promised -> Optional.ofNullable(kept.get(promised))
                        .map(each -> String.format(Locale.ROOT, "%8.3f", each.ratio()))
                        .orElse("       -"))
                .collect(Collectors.joining());
    }

    private static void write(Map<Promised, Kept> kept, ObjectNode node) {
        kept.forEach((promised, each) -> node.putObject(promised.label())
                .put("promised_per_token", each.promised())
                .put("used_per_token", each.used())
                .put("used_over_promised", each.ratio())
                .put("mean_s_over_unpromised", each.slower()));
    }
}
