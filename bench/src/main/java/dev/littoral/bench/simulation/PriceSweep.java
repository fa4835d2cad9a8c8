package dev.littoral.bench.simulation;

import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.Prices;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Our rule for latency at fixed prices, from none on.
 *
 * @param runs the first without a price
 */
record PriceSweep(List<Figures> runs) {

    static PriceSweep of(Laboratory laboratory, Cell cell, Workload workload, Promised promised) {
        return new PriceSweep(promised.sweep().stream()
                .map(price -> run(laboratory, cell, workload, promised.at(price)))
                .toList());
    }

    /** Prices everything at once. */
    static PriceSweep ofAll(Laboratory laboratory, Cell cell, Workload workload) {
        return new PriceSweep(IntStream.range(0, Promised.steps())
                .mapToObj(step -> run(laboratory, cell, workload, Promised.all(step)))
                .toList());
    }

    Figures unpriced() {
        return runs.getFirst();
    }

    /** Gives the least of a figure among the runs that are as quick as another; nothing if none is. */
    OptionalDouble leastAsQuickAs(Figures other, ToDoubleFunction<Figures> figure) {
        return runs.stream()
                .filter(each -> each.meanSeconds() <= other.meanSeconds())
                .mapToDouble(figure)
                .min();
    }

    /** Gives a figure of each run over that of the run without a price. */
    List<Double> relative(ToDoubleFunction<Figures> figure) {
        double first = figure.applyAsDouble(unpriced());
        return runs.stream().map(each -> figure.applyAsDouble(each) / first).toList();
    }

    private static Figures run(Laboratory laboratory, Cell cell, Workload workload, Prices prices) {
        return laboratory.run(cell, workload, Knowledge.PREDICTED, List.of(HoldInOrder.shortestFirst(() -> prices)));
    }
}
