package dev.littoral.algorithms.routing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Holds requests centrally and plans them in an order: each goes where it costs least beside those before it, at once or
 * when a slot will be free; only what may start at once is sent.
 *
 * <p>The cost of agent j is drift plus penalty in seconds (Neely, <i>Stochastic Network Optimization</i>, 2010, chapter 4):
 *
 * <pre>delay_ij + others (what it takes from the answers beside it) + congestion q_j w_ij + sum_k price_k g_k,ij</pre>
 *
 * <p>where {@code q_j} is how many requests wait for the agent, averaged over {@code memorySeconds}: those that come later
 * wait for {@code w_ij}, too. That price is Argus' congestion control (arXiv 2512.22925) carried over from slot to slot; the
 * order and the charge for the batch are ours.
 */
public final class HoldInOrder implements DispatchRule {

    /** What goes first: the smaller value. */
    @FunctionalInterface
    public interface Order {

        /** Gives the value of a request; {@code fleetSeconds} is what it takes of all agents together. */
        double of(WaitingRequest request, double fleetSeconds);
    }

    /**
     * How to weigh.
     *
     * @param others weight of the seconds that a request takes from the answers that run beside it
     * @param congestion weight of the seconds that it takes from those that wait for the same agent
     * @param memorySeconds over which the waiting is averaged
     * @param mostPlanned how many requests a decision looks at
     * @param readAheadSeconds of prompts that an agent may have to read before one more is sent: what is held can still go
     *     elsewhere, or let a shorter one pass
     */
    public record Weights(
            double others, double congestion, double memorySeconds, int mostPlanned, double readAheadSeconds) {

        /** Weighs as measured best over the traces and fleets of {@code make bench NAME=routing}. */
        public static final Weights STANDARD = new Weights(2, 6, 30, 96, 0.1);

        /** Looks at the request's own delay alone. */
        public static final Weights SELFISH = new Weights(0, 0, 1, 96, Double.POSITIVE_INFINITY);

        /** Rejects weights below 0. */
        public Weights {
            if (!(others >= 0)
                    || !(congestion >= 0)
                    || !(memorySeconds > 0)
                    || mostPlanned < 1
                    || !(readAheadSeconds >= 0)) {
                throw new IllegalArgumentException(
                        "weights must not be negative, memorySeconds and mostPlanned positive: " + others + ", "
                                + congestion + ", " + memorySeconds + ", " + mostPlanned + ", " + readAheadSeconds);
            }
        }
    }

    private static final double STANDARD_AGEING = 50;

    /** Seconds of rank for a second of the fleet's time that a sender is beyond its share; as ageing, for a like scale. */
    private static final double FAIRNESS = 50;

    private final Order order;
    private final Weights weights;
    private final Supplier<Prices> prices;
    private final Optional<SlotSolver> solver;
    private final RouteWatch watch;
    private final Map<String, Double> crowds = new HashMap<>();
    private double lastSeconds = Double.NaN;

    /** Starts without congestion. */
    public HoldInOrder(Order order, Weights weights, Supplier<Prices> prices) {
        this(order, weights, prices, Optional.empty(), RouteWatch.NONE);
    }

    private HoldInOrder(
            Order order, Weights weights, Supplier<Prices> prices, Optional<SlotSolver> solver, RouteWatch watch) {
        this.solver = solver;
        this.watch = watch;
        this.order = order;
        this.weights = weights;
        this.prices = prices;
    }

    /** Lets the earliest deadline go first. */
    public static HoldInOrder earliestDeadlineFirst() {
        return earliestDeadlineFirst(() -> Prices.NONE);
    }

    /** Lets the earliest deadline go first, where it costs least by these prices. */
    public static HoldInOrder earliestDeadlineFirst(Supplier<Prices> prices) {
        return new HoldInOrder((request, work) -> request.deadlineSeconds(), Weights.SELFISH, prices);
    }

    /**
     * Lets the predicted shortest go first, with bounded ageing: a request never waits for one that came more than
     * {@code ageing} times its work after it.
     */
    public static HoldInOrder shortestFirst(double ageing, Weights weights, Supplier<Prices> prices) {
        return new HoldInOrder((request, work) -> request.arrivalSeconds() + ageing * work, weights, prices);
    }

    /** Lets the predicted shortest go first, with the ageing and the weights that were measured best. */
    public static HoldInOrder shortestFirst(Supplier<Prices> prices) {
        return shortestFirst(STANDARD_AGEING, Weights.STANDARD, prices);
    }

    /** Solves each slot as one program instead of request after request; the rest stays the same. */
    public HoldInOrder solvedBy(SlotSolver solver) {
        return new HoldInOrder(order, weights, prices, Optional.of(solver), watch);
    }

    /** Tells why requests go where they go; the rest stays the same. */
    public HoldInOrder watchedBy(RouteWatch watch) {
        return new HoldInOrder(order, weights, prices, solver, watch);
    }

    @Override
    public List<Verdict> decide(double nowSeconds, List<WaitingRequest> waiting, List<AgentSnapshot> agents) {
        return decide(nowSeconds, waiting, List.of(), agents);
    }

    @Override
    public List<Verdict> decide(
            double nowSeconds, List<WaitingRequest> own, List<WaitingRequest> elsewhere, List<AgentSnapshot> agents) {
        List<WaitingRequest> waiting =
                Stream.concat(own.stream(), elsewhere.stream()).toList();
        List<PlannedAgent> planned = planned(agents);
        RouteCost costs = new RouteCost(
                weights,
                prices.get(),
                agents.stream()
                        .mapToDouble(agent -> weights.congestion() * crowds.getOrDefault(agent.agent(), 0.0))
                        .toArray(),
                nowSeconds);
        int[] byRank = byRank(waiting, FleetWork.of(agents));
        int looked = Math.min(byRank.length, weights.mostPlanned());
        int[] waits = new int[planned.size()];
        int[] starts = new int[looked];
        Optional<SlotProgram> program = solver.map(each -> new SlotProgram(planned(agents), looked));
        int free = agents.stream().mapToInt(AgentSnapshot::freeSlots).sum();
        Map<Integer, List<RouteTerms>> explained = new HashMap<>();
        for (int k = 0; k < looked; k++) {
            WaitingRequest request = waiting.get(byRank[k]);
            starts[k] = SlotSolver.HELD;
            if (free == 0 && weights.congestion() == 0) {
                continue;
            }
            int best = 0;
            double least = Double.POSITIVE_INFINITY;
            double held = Double.POSITIVE_INFINITY;
            for (int j = 0; j < waits.length; j++) {
                double cost = costs.of(planned.get(j), j, request);
                if (cost < least) {
                    least = cost;
                    best = j;
                }
                if (solver.isPresent() && !planned.get(j).takes(request)) {
                    held = Math.min(held, cost);
                }
            }
            if (program.isPresent()) {
                program.orElseThrow().add(k, request, costs, held);
            }
            PlannedAgent agent = planned.get(best);
            double wait = agent.waitSeconds(request);
            if (wait == 0) {
                starts[k] = best;
                free--;
                if (byRank[k] < own.size() && watch.wants()) {
                    explained.put(k, terms(costs, planned, request));
                }
            } else {
                waits[best]++;
            }
            if (k + 1 < looked) {
                agent.take(request, wait);
            }
        }
        // one request, or none that may start, needs no program
        boolean alone = looked < 2 || Arrays.stream(starts).allMatch(start -> start == SlotSolver.HELD);
        int[] chosen = alone
                ? starts
                : solver.flatMap(by -> program.map(slot -> slot.solve(by))).orElse(starts);
        remember(nowSeconds, planned, waits);
        explained.forEach((k, terms) -> {
            if (chosen[k] != SlotSolver.HELD) {
                watch.routed(waiting.get(byRank[k]), agents.get(chosen[k]).agent(), Compared.Cost, terms);
            }
        });
        return verdicts(waiting, agents, byRank, chosen);
    }

    private List<PlannedAgent> planned(List<AgentSnapshot> agents) {
        return agents.stream()
                .map(agent -> new PlannedAgent(agent, weights.readAheadSeconds()))
                .toList();
    }

    private static List<RouteTerms> terms(RouteCost costs, List<PlannedAgent> planned, WaitingRequest request) {
        return IntStream.range(0, planned.size())
                .mapToObj(j -> costs.terms(planned.get(j), j, request))
                .toList();
    }

    private static List<Verdict> verdicts(
            List<WaitingRequest> waiting, List<AgentSnapshot> agents, int[] byRank, int[] chosen) {
        Verdict[] verdicts = new Verdict[waiting.size()];
        Arrays.fill(verdicts, new Verdict.Hold());
        for (int k = 0; k < chosen.length; k++) {
            if (chosen[k] != SlotSolver.HELD) {
                WaitingRequest request = waiting.get(byRank[k]);
                AgentSnapshot agent = agents.get(chosen[k]);
                verdicts[byRank[k]] = new Verdict.Start(agent.agent(), DelayModel.alongside(agent, request));
            }
        }
        return List.of(verdicts);
    }

    private int[] byRank(List<WaitingRequest> waiting, FleetWork work) {
        record Ranked(int position, double rank) {}
        Ranked[] ranked = new Ranked[waiting.size()];
        for (int i = 0; i < ranked.length; i++) {
            WaitingRequest request = waiting.get(i);
            ranked[i] = new Ranked(i, order.of(request, work.seconds(request)));
        }
        Arrays.sort(ranked, (one, other) -> Double.compare(one.rank(), other.rank()));
        if (Turns.several(waiting)) {
            Turns turns = new Turns();
            for (int k = 0; k < ranked.length; k++) {
                WaitingRequest request = waiting.get(ranked[k].position());
                double owed = turns.take(request, work.seconds(request));
                ranked[k] = new Ranked(ranked[k].position(), ranked[k].rank() + FAIRNESS * owed);
            }
            Arrays.sort(ranked, (one, other) -> Double.compare(one.rank(), other.rank()));
        }
        return Arrays.stream(ranked).mapToInt(Ranked::position).toArray();
    }

    private void remember(double nowSeconds, List<PlannedAgent> planned, int[] waits) {
        if (weights.congestion() == 0) {
            return;
        }
        double past = Double.isNaN(lastSeconds) ? 0 : Math.max(0, nowSeconds - lastSeconds);
        double keep = Math.exp(-past / weights.memorySeconds());
        lastSeconds = nowSeconds;
        for (int j = 0; j < waits.length; j++) {
            double fresh = (1 - keep) * waits[j];
            crowds.merge(planned.get(j).now.agent(), fresh, (before, more) -> before * keep + more);
        }
    }
}
