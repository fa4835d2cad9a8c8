package dev.littoral.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.WaitingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {

    /** Reads 100 and writes 10 tokens per second; the second answer beside it lengthens a token by half. */
    private static final DeviceKind TWO = new DeviceKind("two", 1, 100, 10, 0.5, 2, 1e6, 0, 10, 0, 8);

    private static final DeviceKind ONE = new DeviceKind("one", 1, 1e9, 10, 0, 1, 1e6, 0, 10, 0, 8);

    @Test
    void anAnswerStandsStillWhileAPromptIsReadAndSlowsDownBesideAnother() {
        // 0..1 s: first prompt; 1..2: 10 tokens; 2..3: second prompt; then 15 s per 100 tokens of both:
        // the second's 20 tokens by 3 + 20 * .15 = 6; the first has 30, its last 70 alone: 13
        List<SimulatedRequest> requests = List.of(request(0, 0, 100, 100), request(1, 2, 100, 20));

        SimulationLog log = run(List.of(TWO), Rules.SHORTEST_QUEUE, requests, false);

        assertThat(log.latencies()).containsExactly(new double[] {4, 13}, within(1e-6));
    }

    @Test
    void aFullCacheSendsTheYoungestBackAndAllAreAnsweredStill() {
        DeviceKind tight = new DeviceKind("tight", 1, 1000, 10, 0.1, 4, 300, 0, 10, 0, 8);
        List<SimulatedRequest> requests =
                IntStream.range(0, 6).mapToObj(i -> request(i, i * 0.1, 50, 80)).toList();

        SimulationLog log = run(List.of(tight), Rules.SHORTEST_QUEUE, requests, false);

        assertThat(log.latencies()).hasSize(6);
        assertThat(log.evictions()).isPositive();
    }

    @Test
    void whatIsLateIsDroppedInTheMiddleOfItsAnswer() {
        SimulatedRequest late =
                new SimulatedRequest(new WaitingRequest(0, 0, 3, 1, LengthForecast.exactly(100)), 0, 100);
        SimulatedRequest next = new SimulatedRequest(new WaitingRequest(1, 0, 5, 1, LengthForecast.exactly(10)), 0, 10);

        SimulationLog log = run(List.of(ONE), Rules.SHORTEST_QUEUE, List.of(late, next), true);

        // the second runs from 3 to 4 s
        assertThat(log.metShare()).isEqualTo(0.5);
        assertThat(log.latencies()).containsExactly(new double[] {4}, within(1e-6));
    }

    @Test
    void aSchedulerLeavesTheSlotToAShorterRequestThatItWasToldOf() {
        List<SimulatedRequest> requests = List.of(request(0, 0, 1, 100), request(1, 1, 1, 500), request(2, 2, 1, 50));
        List<DispatchRule> three = IntStream.range(0, 3)
                .mapToObj(n -> Rules.LOO.create(Rules.Objective.LATENCY, n))
                .toList();

        SimulationLog log = new Simulation(List.of(new SimulatedDevice("one", ONE)), three, false).run(requests);

        // 10 s, then the third by 15 s, then the second by 65 s
        assertThat(log.latencies()).containsExactly(new double[] {10, 13, 64}, within(1e-6));
    }

    @Test
    void noRequestIsReachableThatItsQuickestDeviceCannotEndInTime() {
        // a mean request takes four times what it takes on a GPU: 40 to 2,400 s, for 1 s of work, or for 10,000 once
        List<Arrival> arrivals = IntStream.range(0, 1000)
                .mapToObj(i -> new Arrival(i, 1, i == 500 ? 100_000 : 10))
                .toList();
        FleetPlan fleet = new FleetPlan("one", List.of(ONE));
        Workload workload = new Workload(new Trace("made", arrivals), fleet, 0.5, independent(), Slowness.FASTEST, 1);

        assertThat(workload.reachableShare(fleet)).isCloseTo(0.999, within(1e-9));
    }

    @Test
    void aSerialDeviceUnderPoissonArrivalsWaitsAsPollaczekAndKhinchineSay() {
        SplittableRandom random = new SplittableRandom(11);
        List<SimulatedRequest> requests = new ArrayList<>();
        double now = 0;
        for (int i = 0; i < 40_000; i++) {
            now += -Math.log(1 - random.nextDouble()) / 0.6;
            requests.add(request(i, now, 1e-3, 10));
        }

        SimulationLog log = run(List.of(ONE), Rules.SHORTEST_QUEUE, requests, false);

        // service 1 s, load .6: 1 + .6 / (2 * .4) = 1.75 s
        double mean = java.util.Arrays.stream(log.latencies()).average().orElseThrow();
        assertThat(mean).isCloseTo(1.75, within(0.05));
    }

    @ParameterizedTest
    @EnumSource(Rules.class)
    void everyRuleAnswersEverythingAndTheSameSeedGivesTheSameFigures(Rules rule) throws Exception {
        Cell cell = new Cell(Trace.synthetic(3, 150), FleetPlan.find("small"), 0.9, Rules.Objective.LATENCY);
        Laboratory laboratory = new Laboratory(independent(), Slowness.FASTEST, 5);

        Figures first = laboratory.run(cell, laboratory.workload(cell), rule);

        assertThat(first).isEqualTo(laboratory.run(cell, laboratory.workload(cell), rule));
        assertThat(first.meanSeconds()).isPositive().isFinite();
        assertThat(first.refused()).isZero();
    }

    @Test
    void aPerfectPredictorTellsTheVigintile() {
        double[][] rows = new double[20][20];
        IntStream.range(0, 20).forEach(i -> rows[i][i] = 1);
        double[] lengths = IntStream.range(0, 400).mapToDouble(i -> i + 1).toArray();

        List<LengthForecast> forecasts = new Copula(rows).forecasts(lengths, new SplittableRandom(1));

        // lengths 21 to 40 are the second of twenty parts
        assertThat(forecasts.get(25).meanTokens()).isCloseTo(30.5, within(1e-9));
    }

    private static Copula independent() {
        double[][] rows = new double[20][20];
        for (double[] row : rows) {
            java.util.Arrays.fill(row, 0.05);
        }
        return new Copula(rows);
    }

    private static SimulatedRequest request(long id, double arrival, double prompt, double answer) {
        return new SimulatedRequest(
                new WaitingRequest(id, arrival, Double.POSITIVE_INFINITY, prompt, LengthForecast.exactly(answer)),
                0,
                answer);
    }

    private static SimulationLog run(
            List<DeviceKind> kinds, Rules rule, List<SimulatedRequest> requests, boolean ends) {
        return new Simulation(
                        new FleetPlan("test", kinds).devices(),
                        List.of(rule.create(ends ? Rules.Objective.DEADLINES : Rules.Objective.LATENCY, 1)),
                        ends)
                .run(requests);
    }
}
