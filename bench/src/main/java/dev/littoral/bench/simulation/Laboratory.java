package dev.littoral.bench.simulation;

import dev.littoral.algorithms.routing.DispatchRule;
import java.util.List;
import java.util.stream.IntStream;

/** Runs one rule in one cell. */
record Laboratory(Copula copula, Slowness slowness, long seed) {

    Workload workload(Cell cell) {
        return new Workload(cell.trace(), cell.fleet(), cell.load(), copula, slowness, seed);
    }

    Figures run(Cell cell, Workload workload, Rules rule) {
        return run(cell, workload, rule.knowledge(), List.of(rule.create(cell.objective(), seed)));
    }

    /** Lets several schedulers share the requests. */
    Figures run(Cell cell, Workload workload, Rules rule, int schedulers) {
        return run(
                cell,
                workload,
                rule.knowledge(),
                IntStream.range(0, schedulers)
                        .mapToObj(n -> rule.create(cell.objective(), seed + n))
                        .toList());
    }

    /** Runs a rule that knows the very devices; everything is answered. */
    Figures run(List<SimulatedDevice> devices, List<SimulatedRequest> requests, DispatchRule rule) {
        return Figures.of(new Simulation(devices, List.of(rule), false).run(requests), devices);
    }

    Figures run(Cell cell, Workload workload, Knowledge knowledge, List<DispatchRule> schedulers) {
        boolean ends = cell.objective() == Rules.Objective.DEADLINES;
        List<SimulatedDevice> devices = cell.fleet().devices();
        SimulationLog log = new Simulation(devices, schedulers, ends).run(workload.requests(knowledge));
        return Figures.of(log, devices);
    }
}
