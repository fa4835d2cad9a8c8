package dev.littoral.algorithms.routing;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Starts first what promises the most answers in time for the least work, and refuses what has no chance left.
 *
 * <p>Drift plus penalty for the queue of missed deadlines: serving request i for {@code w_i} seconds of the fleet is worth
 * its chance {@code P_i} of ending in time. Ours: the square root keeps long answers from starving, and what can wait does,
 * by the apparent tardiness cost of Vepsalainen and Morton (<i>Management Science</i> 33, 1987), with the time to drain all
 * that waits as its scale:
 *
 * <pre>index_i = P_i / sqrt(w_i) exp(-slack_i / (patience sum_k w_k))</pre>
 *
 * <p>A request starts on the agent where its chance, less the chances that it takes from the answers beside it, is best; of
 * agents that are equally good the slower one is taken. It is held while a busy agent promises more.
 *
 * <p>What promises make dear cuts an agent's chance to {@code chance v / (v + d)}: {@code d} is by how many seconds the agent
 * is dearer than the cheapest one, {@code v} what an answer in time is worth, the seconds that it takes alone or the price of
 * a miss if that is more. So a dear agent is avoided while a cheaper one promises enough, and taken when the time runs out.
 *
 * @param patience in times to drain what waits, above 0
 * @param refuseBelow chance of ending in time below which a request is refused, 0 to 1
 * @param enough chance that need not be bettered, above 0 and at most 1
 * @param crowd share of an agent's free slots that is taken to fill while an answer runs, 0 to 1
 * @param readAheadSeconds of prompts that an agent may have to read before one more is sent, 0 or more: what is held can
 *     still go elsewhere, or let a more urgent one pass
 * @param prices what promises make dear
 * @param watch is told why requests went where they went
 */
public record MostInTime(
        double patience,
        double refuseBelow,
        double enough,
        double crowd,
        double readAheadSeconds,
        Supplier<Prices> prices,
        RouteWatch watch)
        implements DispatchRule {

    private static final int MOST_PLANNED = 64;

    /** What a slower agent is preferred by, among equally good ones. */
    private static final double SPARE_THE_FAST = 1e-3;

    /** Rejects settings outside of their bounds. */
    public MostInTime {
        if (!(patience > 0 && patience < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("patience must be positive and finite: " + patience);
        }
        if (!(refuseBelow >= 0 && refuseBelow <= 1) || !(enough > 0 && enough <= 1) || !(crowd >= 0 && crowd <= 1)) {
            throw new IllegalArgumentException("refuseBelow, enough and crowd must lie between 0 and 1: " + refuseBelow
                    + ", " + enough + ", " + crowd);
        }
        if (!(readAheadSeconds >= 0)) {
            throw new IllegalArgumentException("readAheadSeconds must not be negative: " + readAheadSeconds);
        }
    }

    /** Pays no prices and tells nobody why. */
    public MostInTime(double patience, double refuseBelow, double enough, double crowd, double readAheadSeconds) {
        this(patience, refuseBelow, enough, crowd, readAheadSeconds, () -> Prices.NONE, RouteWatch.NONE);
    }

    /** Gives the same rule with these prices, telling why requests go where they go. */
    public MostInTime paying(Supplier<Prices> promised, RouteWatch told) {
        return new MostInTime(patience, refuseBelow, enough, crowd, readAheadSeconds, promised, told);
    }

    /** Gives the settings that the scheduler starts with. */
    public static MostInTime standard() {
        return new MostInTime(1, 0.02, 0.95, 0, 0.1);
    }

    /** What a request is worth, seen from the whole fleet. */
    private record Prospect(int position, double chance, double work, double slack, double aloneSeconds) {}

    @Override
    public List<Verdict> decide(double nowSeconds, List<WaitingRequest> waiting, List<AgentSnapshot> agents) {
        return decide(nowSeconds, waiting, List.of(), agents);
    }

    @Override
    public List<Verdict> decide(
            double nowSeconds, List<WaitingRequest> own, List<WaitingRequest> elsewhere, List<AgentSnapshot> agents) {
        List<WaitingRequest> waiting =
                Stream.concat(own.stream(), elsewhere.stream()).toList();
        Verdict[] verdicts = new Verdict[waiting.size()];
        Arrays.fill(verdicts, new Verdict.Hold());
        int free = agents.stream().mapToInt(AgentSnapshot::freeSlots).sum();
        Prospect[] prospects = prospects(nowSeconds, waiting, agents);
        double drain = 0;
        for (Prospect each : prospects) {
            if (each.chance() < refuseBelow) {
                verdicts[each.position()] = new Verdict.Refuse(
                        each.slack() + each.aloneSeconds() <= 0
                                ? RefusalReason.DeadlinePassed
                                : RefusalReason.DeadlineOutOfReach,
                        each.aloneSeconds());
            } else {
                drain += each.work();
            }
        }
        if (free > 0) {
            List<Prospect> order = byIndex(prospects, waiting, patience * Math.max(drain, 1e-3));
            start(nowSeconds, waiting, own.size(), agents, order, verdicts);
        }
        return List.of(verdicts);
    }

    private void start(
            double nowSeconds,
            List<WaitingRequest> waiting,
            int own,
            List<AgentSnapshot> agents,
            List<Prospect> order,
            Verdict[] verdicts) {
        Prices paid = prices.get();
        List<PlannedAgent> planned = agents.stream()
                .map(agent -> new PlannedAgent(agent, readAheadSeconds))
                .toList();
        double ahead = 0;
        int free = agents.stream().mapToInt(AgentSnapshot::freeSlots).sum();
        for (Prospect each : order.subList(0, Math.min(order.size(), MOST_PLANNED))) {
            if (free == 0) {
                return;
            }
            WaitingRequest request = waiting.get(each.position());
            double left = request.deadlineSeconds() - nowSeconds;
            PlannedAgent best = planned.get(0);
            double most = Double.NEGATIVE_INFINITY;
            double later = 0;
            Dearness dearness = Dearness.of(planned, request, paid, each.aloneSeconds());
            double[] chances = new double[planned.size()];
            for (int j = 0; j < chances.length; j++) {
                PlannedAgent agent = planned.get(j);
                double wait = agent.waitSeconds(request);
                chances[j] = dearness.cut(
                        j,
                        wait > 0
                                ? agent.chanceAtStrayingPace(
                                        request, left - Math.max(wait, ahead), agent.beside(request, wait))
                                : worth(agent, nowSeconds, request, left));
                if (wait > 0) {
                    later = Math.max(later, chances[j]);
                } else if (chances[j] > most) {
                    most = chances[j];
                    best = agent;
                }
            }
            if (most > 0 && most >= Math.min(enough, later)) {
                if (each.position() < own && watch.wants()) {
                    explain(nowSeconds, request, best, planned, paid, chances);
                }
                verdicts[each.position()] = new Verdict.Start(best.now.agent(), best.serviceSeconds(request, 0));
                best.take(request, 0);
                free--;
            } else {
                ahead += each.work();
            }
        }
    }

    private void explain(
            double nowSeconds,
            WaitingRequest request,
            PlannedAgent taken,
            List<PlannedAgent> planned,
            Prices paid,
            double[] chances) {
        RouteCost costs = new RouteCost(HoldInOrder.Weights.SELFISH, paid, new double[chances.length], nowSeconds);
        List<RouteTerms> terms = IntStream.range(0, chances.length)
                .mapToObj(j -> costs.terms(planned.get(j), j, request).comparing(chances[j]))
                .toList();
        watch.routed(request, taken.now.agent(), Compared.Chance, terms);
    }

    private double worth(PlannedAgent agent, double nowSeconds, WaitingRequest request, double left) {
        int running = agent.running() + 1;
        int crowded = running + (int) Math.round(crowd * (agent.now.slots() - running));
        double perToken = agent.now.times().perToken(crowded);
        return Math.min(enough, agent.chanceAtStrayingPace(request, left - agent.unreadSeconds(), crowded))
                - agent.lostInTime(nowSeconds, request)
                + SPARE_THE_FAST * perToken / (1 + perToken);
    }

    private List<Prospect> byIndex(Prospect[] prospects, List<WaitingRequest> waiting, double scale) {
        if (Turns.several(waiting)) {
            return inTurns(prospects, waiting, scale);
        }
        return Arrays.stream(prospects)
                .filter(each -> each.chance() >= refuseBelow)
                .map(each -> new Ranked(
                        each, each.chance() / Math.sqrt(each.work()) * Math.exp(-Math.max(each.slack(), 0) / scale)))
                .sorted((one, other) -> Double.compare(other.index(), one.index()))
                .map(Ranked::prospect)
                .toList();
    }

    /** Lets a sender's debt count as slack of that length does; in logarithms, since long slacks leave no index. */
    private List<Prospect> inTurns(Prospect[] prospects, List<WaitingRequest> waiting, double scale) {
        Turns turns = new Turns();
        return Arrays.stream(prospects)
                .filter(each -> each.chance() >= refuseBelow)
                .map(each -> new Ranked(
                        each, Math.log(each.chance()) - Math.log(each.work()) / 2 - Math.max(each.slack(), 0) / scale))
                .sorted((one, other) -> Double.compare(other.index(), one.index()))
                .map(each -> new Ranked(
                        each.prospect(),
                        each.index()
                                - turns.take(
                                                waiting.get(each.prospect().position()),
                                                each.prospect().work())
                                        / scale))
                .sorted((one, other) -> Double.compare(other.index(), one.index()))
                .map(Ranked::prospect)
                .toList();
    }

    private record Ranked(Prospect prospect, double index) {}

    private Prospect[] prospects(double nowSeconds, List<WaitingRequest> waiting, List<AgentSnapshot> agents) {
        FleetWork fleet = FleetWork.of(agents);
        Prospect[] prospects = new Prospect[waiting.size()];
        for (int i = 0; i < prospects.length; i++) {
            WaitingRequest request = waiting.get(i);
            double left = request.deadlineSeconds() - nowSeconds;
            double tokens = 0;
            double alone = Double.POSITIVE_INFINITY;
            for (AgentSnapshot agent : agents) {
                ServiceTimes times = agent.times();
                double prefill = times.prefill(agent.unheldTokens(request));
                int beside = 1 + (int) Math.round(crowd * (agent.slots() - 1));
                tokens = Math.max(tokens, (left - prefill) / times.secondsPerAnswerToken());
                alone = Math.min(alone, prefill + request.answer().meanTokens() * times.perToken(beside));
            }
            prospects[i] = new Prospect(
                    i, request.answer().chanceWithin(0, tokens), fleet.seconds(request), left - alone, alone);
        }
        return prospects;
    }
}
