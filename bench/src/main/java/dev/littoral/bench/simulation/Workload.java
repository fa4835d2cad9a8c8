package dev.littoral.bench.simulation;

import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.WaitingRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A trace on a fleet: who asks what when, with which deadline, and what each kind of rule knows of it. */
final class Workload {

    private static final double[] DEADLINE_SECONDS = {10, 60, 600};
    private static final double[] SHARE = {0.5, 0.8, 1};

    private final List<Arrival> arrivals;
    private final int[] service;
    private final double slowness;
    private final Map<Knowledge, List<LengthForecast>> forecasts = new EnumMap<>(Knowledge.class);

    Workload(Trace trace, FleetPlan fleet, double load, Copula copula, Slowness how, long seed) {
        double prompt = trace.meanPrompt();
        double answer = trace.meanAnswer();
        this.slowness = how.of(fleet, prompt, answer);
        this.arrivals = trace.atRate(load * fleet.capacity(prompt, answer)).arrivals();
        SplittableRandom random = new SplittableRandom(seed);
        this.service =
                arrivals.stream().mapToInt(each -> service(random.nextDouble())).toArray();
        double[] lengths = arrivals.stream().mapToDouble(Arrival::answerTokens).toArray();
        double[] sorted = Arrays.stream(lengths).sorted().toArray();
        LengthForecast common = new LengthForecast(
                answer, sorted[sorted.length / 2], Math.max(sorted[sorted.length / 2], sorted[sorted.length * 9 / 10]));
        forecasts.put(Knowledge.MEAN, arrivals.stream().map(each -> common).toList());
        forecasts.put(
                Knowledge.PROMPT,
                arrivals.stream()
                        .map(each -> LengthForecast.exactly(1.5 * each.promptTokens()))
                        .toList());
        forecasts.put(Knowledge.PREDICTED, copula.forecasts(lengths, random));
        forecasts.put(
                Knowledge.TRUE,
                arrivals.stream()
                        .map(each -> LengthForecast.exactly(each.answerTokens()))
                        .toList());
    }

    double slowness() {
        return slowness;
    }

    /** Gives the share of requests that would be in time if each had its quickest device to itself: no rule has more. */
    double reachableShare(FleetPlan fleet) {
        int reachable = 0;
        for (int i = 0; i < arrivals.size(); i++) {
            Arrival each = arrivals.get(i);
            double alone = fleet.kinds().stream()
                    .mapToDouble(kind -> kind.aloneSeconds(each.promptTokens(), each.answerTokens()))
                    .min()
                    .orElseThrow();
            reachable += alone <= DEADLINE_SECONDS[service[i]] * slowness ? 1 : 0;
        }
        return (double) reachable / arrivals.size();
    }

    double spanSeconds() {
        return arrivals.getLast().seconds();
    }

    /** Gives the requests anew, with what a rule of this knowledge is told. */
    List<SimulatedRequest> requests(Knowledge knowledge) {
        List<LengthForecast> known = forecasts.getOrDefault(knowledge, List.of());
        List<SimulatedRequest> requests = new ArrayList<>(arrivals.size());
        for (int i = 0; i < arrivals.size(); i++) {
            Arrival each = arrivals.get(i);
            double deadline = each.seconds() + DEADLINE_SECONDS[service[i]] * slowness;
            requests.add(new SimulatedRequest(
                    new WaitingRequest(i, each.seconds(), deadline, each.promptTokens(), known.get(i)),
                    service[i],
                    each.answerTokens()));
        }
        return requests;
    }

    private static int service(double uniform) {
        return uniform < SHARE[0] ? 0 : uniform < SHARE[1] ? 1 : 2;
    }
}
