package dev.littoral.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.algorithms.offloading.Iodcc;
import dev.littoral.algorithms.offloading.Promises;
import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.Compared;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.RouteTerms;
import dev.littoral.algorithms.routing.RouteWatch;
import dev.littoral.algorithms.routing.ServiceTimes;
import dev.littoral.algorithms.routing.Tariff;
import dev.littoral.algorithms.routing.WaitingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RuleNameTest {

    private final List<Compared> compared = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private final List<RouteTerms> told = new ArrayList<>();
    private final RouteWatch watch = new RouteWatch() {

        @Override
        public boolean wants() {
            return true;
        }

        @Override
        public void routed(WaitingRequest request, String agent, Compared by, List<RouteTerms> candidates) {
            compared.add(by);
            taken.add(agent);
            told.addAll(candidates);
        }
    };

    @ParameterizedTest
    @CsvSource({
        "SHORTEST_FIRST, Cost, true",
        "IODCC, Cost, true",
        "MOST_IN_TIME, Chance, true",
        "EARLIEST_DEADLINE, Cost, true",
        "EXPECTED_DELAY, Cost, true",
        "PROMPT, Cost, true",
        "CLAIRVOYANT, Cost, true",
        "LEAST_WORK, Work, true",
        "SHORTEST_QUEUE, RequestsPerSlot, false",
        "POWER_OF_TWO, RequestsPerSlot, false",
        "ROUND_ROBIN, Nothing, false",
        "RANDOM, Nothing, false"
    })
    void everyRuleTellsWhatItComparesAndThoseThatComparePricesPayThem(RuleName name, Compared by, boolean pays) {
        // the first agent is the faster one and draws 1000 W: 1 s and 10 s for joules against 2 s
        List<AgentSnapshot> agents = List.of(agent("dear", 100, 1000), agent("cheap", 50, 0));
        DispatchRule rule = name.create(new SplittableRandom(1), () -> new Prices(0.01, 0, 0), watch, Iodcc.standard());

        assertThat(rule.decide(0, List.of(new WaitingRequest(1, 0, 1000, 1, LengthForecast.exactly(100))), agents))
                .hasSize(1);

        assertThat(compared).containsExactly(by);
        assertThat(told).extracting(RouteTerms::agent).containsExactly("dear", "cheap");
        assertThat(told.getFirst().energySeconds() > 0).isEqualTo(pays);
        if (pays) {
            assertThat(taken).containsExactly("cheap");
        }
    }

    /** 100 tokens in 1 s from few bits against 100 s, or nowhere else to go. */
    @ParameterizedTest
    @EnumSource(
            value = RuleName.class,
            names = {
                "SHORTEST_FIRST",
                "IODCC",
                "EARLIEST_DEADLINE",
                "EXPECTED_DELAY",
                "PROMPT",
                "CLAIRVOYANT",
                "LEAST_WORK"
            })
    void wherePromisesAllowNoLowBitTokenTheSlowestOtherAgentIsTakenAndTheOnlyOneAllTheSame(RuleName name) {
        double price = promisedNone().secondsPerLowBitToken();
        AgentSnapshot coarse = agent("coarse", 100, new Tariff(0, 0, true));
        AgentSnapshot slow = agent("slow", 1, new Tariff(0, 0, false));

        assertThat(taking(name, price, List.of(coarse, slow))).isEqualTo("slow");
        assertThat(taking(name, price, List.of(coarse))).isEqualTo("coarse");
    }

    private String taking(RuleName name, double secondsPerLowBitToken, List<AgentSnapshot> agents) {
        name.create(new SplittableRandom(1), () -> new Prices(0, 0, secondsPerLowBitToken), watch, Iodcc.standard())
                .decide(0, List.of(new WaitingRequest(1, 0, 1000, 1, LengthForecast.exactly(100))), agents);
        return taken.getLast();
    }

    private static Promises promisedNone() {
        double any = Double.POSITIVE_INFINITY;
        return new Promises(new Promises.Budgets(any, any, 0), 0.05, 250);
    }

    private static AgentSnapshot agent(String name, double tokensPerSecond, double watts) {
        return agent(name, tokensPerSecond, new Tariff(watts, 0, false));
    }

    private static AgentSnapshot agent(String name, double tokensPerSecond, Tariff tariff) {
        return new AgentSnapshot(
                name,
                new ServiceTimes(1e-6, 1 / tokensPerSecond, 0.1),
                1,
                1,
                List.of(),
                List.of(),
                Double.POSITIVE_INFINITY,
                tariff);
    }
}
