package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.WaitingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Ours with true lengths against the best that hindsight could do: every order on every device, on small instances. */
final class OfflineBound {

    private static final int INSTANCES = 200;
    private static final int REQUESTS = 7;
    private static final DeviceKind FAST = new DeviceKind("fast", 1, 2000, 20, 0, 1, 1e6, 10, 100, 1, 8);
    private static final DeviceKind SLOW = new DeviceKind("slow", 1, 800, 8, 0, 1, 1e6, 5, 20, 0.1, 8);

    private final List<Arrival> arrivals;
    private double least = Double.POSITIVE_INFINITY;

    private OfflineBound(List<Arrival> arrivals) {
        this.arrivals = arrivals;
    }

    static void run(long seed, ObjectNode figures) {
        Ratios ratios = new Ratios();
        FleetPlan fleet = new FleetPlan("two", List.of(FAST, SLOW));
        for (int n = 0; n < INSTANCES; n++) {
            SplittableRandom random = new SplittableRandom(seed + n);
            List<Arrival> arrivals = new ArrayList<>();
            double now = 0;
            for (int i = 0; i < REQUESTS; i++) {
                arrivals.add(
                        new Arrival(now, 100 + random.nextInt(900), Math.ceil(100 * Math.exp(random.nextGaussian()))));
                now += -4 * Math.log(1 - random.nextDouble());
            }
            OfflineBound bound = new OfflineBound(arrivals);
            bound.search(0, 0, 0, 0);
            List<SimulatedRequest> requests = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Arrival each = arrivals.get(i);
                requests.add(new SimulatedRequest(
                        new WaitingRequest(
                                i,
                                each.seconds(),
                                Double.POSITIVE_INFINITY,
                                each.promptTokens(),
                                LengthForecast.exactly(each.answerTokens())),
                        0,
                        each.answerTokens()));
            }
            List<SimulatedDevice> devices = fleet.devices();
            SimulationLog log = new Simulation(
                            devices, List.of(Rules.CLAIRVOYANT.create(Rules.Objective.LATENCY, seed)), false)
                    .run(requests);
            ratios.add("instance " + n, Figures.of(log, devices).meanSeconds() * REQUESTS / bound.least);
        }
        System.out.printf(
                Locale.ROOT,
                "true lengths over the best in hindsight, %d instances of %d requests on two unlike devices%n  %s%n",
                INSTANCES,
                REQUESTS,
                ratios.line());
        ratios.write(figures.putObject("offline_bound"));
    }

    private void search(int served, double fastFree, double slowFree, double sum) {
        if (sum >= least) {
            return;
        }
        if (served == (1 << REQUESTS) - 1) {
            least = sum;
            return;
        }
        for (int i = 0; i < REQUESTS; i++) {
            if ((served & 1 << i) == 0) {
                Arrival each = arrivals.get(i);
                double onFast = Math.max(fastFree, each.seconds())
                        + FAST.aloneSeconds(each.promptTokens(), each.answerTokens());
                double onSlow = Math.max(slowFree, each.seconds())
                        + SLOW.aloneSeconds(each.promptTokens(), each.answerTokens());
                search(served | 1 << i, onFast, slowFree, sum + onFast - each.seconds());
                search(served | 1 << i, fastFree, onSlow, sum + onSlow - each.seconds());
            }
        }
    }
}
