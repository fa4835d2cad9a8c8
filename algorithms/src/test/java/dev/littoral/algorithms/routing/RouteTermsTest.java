package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Fairness, prefixes, promises and explanations of {@link HoldInOrder}. */
class RouteTermsTest {

    private static final double NEVER = Double.POSITIVE_INFINITY;
    private static final Prices DEAR = new Prices(0.001, 2, 0.01, 5);

    private final List<RouteTerms> told = new ArrayList<>();
    private final List<String> routes = new ArrayList<>();
    private final RouteWatch watch = new RouteWatch() {

        @Override
        public boolean wants() {
            return true;
        }

        @Override
        public void routed(WaitingRequest request, String agent, Compared by, List<RouteTerms> candidates) {
            routes.add(request.id() + " " + agent);
            told.addAll(candidates);
        }
    };

    @Test
    void aRouteIsTheCandidateOfTheLeastSum() {
        List<AgentSnapshot> agents = List.of(
                agent("few-bits", 100, new Tariff(10, 0, true)),
                agent("dear", 100, new Tariff(500, 0.1, false)),
                agent("capped", 100, new Tariff(0, 0, false, 3)),
                agent("slow", 40, Tariff.FREE));

        List<Verdict> verdicts = HoldInOrder.shortestFirst(() -> DEAR)
                .watchedBy(watch)
                .decide(0, List.of(Agents.request(0, 0, 4, 100)), agents);

        RouteTerms least = told.stream()
                .min(Comparator.comparingDouble(RouteTerms::totalSeconds))
                .orElseThrow();
        assertThat(verdicts.getFirst())
                .isInstanceOfSatisfying(
                        Verdict.Start.class, start -> assertThat(start.agent()).isEqualTo(least.agent()));
        assertThat(routes).containsExactly("0 " + least.agent());
        assertThat(told).hasSize(4);
        // 100 tokens at 100 per second take 1 s: 500 W at 1 ms per joule, .1 of money at 2 s
        RouteTerms dear = told.get(1);
        assertThat(dear.serviceSeconds()).isCloseTo(1, within(1e-4));
        assertThat(dear.energySeconds()).isCloseTo(0.5, within(1e-4));
        assertThat(dear.moneySeconds()).isCloseTo(0.2, within(1e-4));
        assertThat(told.get(0).lowBitSeconds()).isCloseTo(1, within(1e-9));
        assertThat(told.get(2).poolSeconds()).isCloseTo(3, within(1e-4));
        assertThat(told.get(3).missSeconds()).isLessThan(1e-3);
    }

    @Test
    void whatIsHeldIsNotExplained() {
        HoldInOrder.shortestFirst(() -> Prices.NONE)
                .watchedBy(watch)
                .decide(0, List.of(Agents.request(0, 0, NEVER, 100)), List.of(Agents.busy("a", 10, 1, 1, 10)));

        assertThat(told).isEmpty();
    }

    @Test
    void aPriceOnMissedDeadlinesSendsWorkWhereItEndsInTime() {
        // the slow agent is free of charge but ends after the deadline
        List<AgentSnapshot> agents =
                List.of(agent("frugal", 10, Tariff.FREE), agent("quick", 30, new Tariff(100, 0, false)));
        List<WaitingRequest> one = List.of(Agents.request(0, 0, 6, 100));

        assertThat(started(new Prices(0.5, 0, 0, 0), one, agents)).isEqualTo("frugal");
        assertThat(started(new Prices(0.5, 0, 0, 1000), one, agents)).isEqualTo("quick");
    }

    @Test
    void anAgentThatHoldsThePromptIsPreferredUntilItsQueueCostsMore() {
        PrefixMemory memory = new PrefixMemory();
        PromptPrefix prefix = new PromptPrefix.Reader()
                .read("The rules of the house. ".repeat(200))
                .prefix();
        memory.remember(prefix, 4);
        AgentSnapshot holds = holding("holds", memory, 0);
        AgentSnapshot quicker = holding("quicker", new PrefixMemory(), 0);
        WaitingRequest request =
                new WaitingRequest(0, 0, NEVER, 1200, LengthForecast.exactly(10), FairShare.NOBODY, prefix);

        assertThat(started(Prices.NONE, List.of(request), List.of(quicker, holds)))
                .isEqualTo("holds");
        assertThat(holds.unheldTokens(request)).isLessThan(100);
        assertThat(started(Prices.NONE, List.of(request), List.of(quicker, holding("holds", memory, 1))))
                .isEqualTo("quicker");
    }

    @Test
    void aSenderWithOneRequestDoesNotWaitForAllOfAFlood() {
        List<WaitingRequest> waiting = new ArrayList<>(
                IntStream.range(0, 50).mapToObj(i -> of(1, 0, i, 0.001 * i)).toList());
        waiting.add(of(2, 0, 50, 1));
        AgentSnapshot agent = Agents.idle("a", 10, 2);

        List<Verdict> verdicts = HoldInOrder.shortestFirst(() -> Prices.NONE).decide(1, waiting, List.of(agent));

        // one slot for the first of the flood, one for the only of the other
        assertThat(verdicts.get(0)).isInstanceOf(Verdict.Start.class);
        assertThat(verdicts.get(50)).isInstanceOf(Verdict.Start.class);
    }

    @Test
    void whoeverOwesStandsBackUnderEitherRule() {
        List<WaitingRequest> waiting = List.of(of(1, 20, 0, 0), of(2, 0, 1, 5));
        List<AgentSnapshot> one = List.of(Agents.idle("a", 10, 1));

        for (DispatchRule rule : List.of(HoldInOrder.shortestFirst(() -> Prices.NONE), MostInTime.standard())) {
            assertThat(rule.decide(5, waiting, one).get(0)).isEqualTo(new Verdict.Hold());
            assertThat(rule.decide(5, waiting, one).get(1)).isInstanceOf(Verdict.Start.class);
        }
    }

    @Test
    void theRequestsOfASenderKeepTheirOwnOrder() {
        List<WaitingRequest> waiting = List.of(
                new WaitingRequest(0, 0, NEVER, 1, LengthForecast.exactly(500), new FairShare(1, 0), PromptPrefix.NONE),
                of(1, 0, 1, 0.1),
                new WaitingRequest(
                        2, 0.2, NEVER, 1, LengthForecast.exactly(5000), new FairShare(2, 0), PromptPrefix.NONE));

        List<Verdict> verdicts =
                HoldInOrder.shortestFirst(() -> Prices.NONE).decide(1, waiting, List.of(Agents.idle("a", 10, 1)));

        assertThat(verdicts.get(1)).isInstanceOf(Verdict.Start.class);
    }

    private static String started(Prices prices, List<WaitingRequest> waiting, List<AgentSnapshot> agents) {
        Verdict verdict = new HoldInOrder(
                        (request, work) -> request.arrivalSeconds(), HoldInOrder.Weights.SELFISH, () -> prices)
                .decide(0, waiting, agents)
                .getFirst();
        return verdict instanceof Verdict.Start start ? start.agent() : verdict.toString();
    }

    private static WaitingRequest of(long sender, double owed, long id, double arrival) {
        return new WaitingRequest(
                id, arrival, 1e6, 1, LengthForecast.exactly(100), new FairShare(sender, owed), PromptPrefix.NONE);
    }

    private static AgentSnapshot agent(String name, double tokensPerSecond, Tariff tariff) {
        return new AgentSnapshot(
                name, new ServiceTimes(1e-6, 1 / tokensPerSecond, 0.1), 1, 1, List.of(), List.of(), NEVER, tariff);
    }

    /** Reads 1,000 tokens per second; one character in four is a token. */
    private static AgentSnapshot holding(String name, PrefixMemory memory, int running) {
        return new AgentSnapshot(
                name,
                new ServiceTimes(1e-3, 0.1, 1),
                2,
                2 - running,
                IntStream.range(0, running)
                        .mapToObj(n -> new RunningAnswer(NEVER, 800, 0, LengthForecast.exactly(500)))
                        .toList(),
                List.of(),
                NEVER,
                Tariff.FREE,
                request -> memory.charactersHeld(request.prefix()) / 4.0);
    }
}
