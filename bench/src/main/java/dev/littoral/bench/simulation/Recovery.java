package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** A minute of twice the capacity in the middle of a load of .7: how long until as few are in the system as before. */
final class Recovery {

    private static final double CALM = 0.7;
    private static final double FLOOD = 2;
    private static final double FLOOD_SECONDS = 60;
    private static final double BEFORE_SECONDS = 600;
    private static final double AFTER_SECONDS = 900;
    private static final double PROMPT = 900;
    private static final double ANSWER = 150;

    private Recovery() {}

    static void run(Laboratory laboratory, List<FleetPlan> fleets, ObjectNode figures) {
        double ideal = FLOOD_SECONDS * (FLOOD - 1) / (1 - CALM);
        System.out.printf(
                Locale.ROOT,
                "recovery from %.0f s at load %.1f amid %.1f (whatever --load says), ideal drain %.0f s%n",
                FLOOD_SECONDS,
                FLOOD,
                CALM,
                ideal);
        ObjectNode node = figures.putObject("recovery").put("ideal_drain_s", ideal);
        for (FleetPlan fleet : fleets) {
            Trace trace = arrivals(fleet, laboratory.seed());
            double rate = trace.arrivals().size() / trace.arrivals().getLast().seconds();
            Cell cell = new Cell(
                    trace,
                    fleet,
                    rate / fleet.capacity(trace.meanPrompt(), trace.meanAnswer()),
                    Rules.Objective.LATENCY);
            Workload workload = laboratory.workload(cell);
            SimulationLog log = new Simulation(
                            fleet.devices(), List.of(Rules.LOO.create(cell.objective(), laboratory.seed())), false)
                    .run(workload.requests(Knowledge.PREDICTED));
            double[] begins =
                    trace.arrivals().stream().mapToDouble(Arrival::seconds).toArray();
            double[] ends = log.ends();
            Arrays.sort(ends);
            double normal = 0;
            for (double t = BEFORE_SECONDS / 2; t < BEFORE_SECONDS; t++) {
                normal = Math.max(normal, upTo(begins, t) - upTo(ends, t));
            }
            double recovered = BEFORE_SECONDS + FLOOD_SECONDS;
            double most = 0;
            while (recovered < BEFORE_SECONDS + FLOOD_SECONDS + AFTER_SECONDS
                    && upTo(begins, recovered) - upTo(ends, recovered) > normal) {
                most = Math.max(most, upTo(begins, recovered) - upTo(ends, recovered));
                recovered++;
            }
            double seconds = recovered - BEFORE_SECONDS - FLOOD_SECONDS;
            System.out.printf(
                    Locale.ROOT,
                    "  %-14s back to at most %.0f in the system after %.0f s (%.2f x ideal), from %.0f%n",
                    fleet.name(),
                    normal,
                    seconds,
                    seconds / ideal,
                    most);
            node.putObject(fleet.name())
                    .put("seconds", seconds)
                    .put("over_ideal", seconds / ideal)
                    .put("normal", normal)
                    .put("most", most);
        }
    }

    private static Trace arrivals(FleetPlan fleet, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double capacity = fleet.capacity(PROMPT, ANSWER);
        List<Arrival> arrivals = new ArrayList<>();
        double now = 0;
        while (now < BEFORE_SECONDS + FLOOD_SECONDS + AFTER_SECONDS) {
            boolean flood = now >= BEFORE_SECONDS && now < BEFORE_SECONDS + FLOOD_SECONDS;
            arrivals.add(new Arrival(
                    now,
                    PROMPT,
                    Math.ceil(Math.clamp(ANSWER / Math.exp(0.32) * Math.exp(0.8 * random.nextGaussian()), 1, 2000))));
            now += -Math.log(1 - random.nextDouble()) / (capacity * (flood ? FLOOD : CALM));
        }
        return new Trace("flood", arrivals);
    }

    private static int upTo(double[] sorted, double time) {
        int found = Arrays.binarySearch(sorted, time);
        return found < 0 ? -found - 1 : found;
    }
}
