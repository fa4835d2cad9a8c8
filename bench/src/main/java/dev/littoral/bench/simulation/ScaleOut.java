package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Three schedulers that share the requests, beside one that has them all. */
final class ScaleOut {

    private static final int SCHEDULERS = 3;

    private ScaleOut() {}

    static void run(Laboratory laboratory, List<Cell> cells, ObjectNode figures) {
        List<Double> shared = cells.parallelStream()
                .map(cell -> {
                    Workload work = laboratory.workload(cell);
                    return laboratory.run(cell, work, Rules.LOO, SCHEDULERS).meanSeconds()
                            / laboratory.run(cell, work, Rules.LOO).meanSeconds();
                })
                .toList();
        Ratios ratios = new Ratios();
        for (int n = 0; n < cells.size(); n++) {
            ratios.add(cells.get(n).label(), shared.get(n));
        }
        System.out.printf("three schedulers' mean latency over one's%n  %s%n", ratios.line());
        ratios.write(figures.putObject("scale_out"));
    }
}
