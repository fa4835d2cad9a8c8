package dev.littoral.bench.simulation;

/** One comparison: a trace on a fleet at a load, judged by one objective. */
record Cell(Trace trace, FleetPlan fleet, double load, Rules.Objective objective) {

    String label() {
        return trace.name() + " " + fleet.name() + " " + load;
    }
}
