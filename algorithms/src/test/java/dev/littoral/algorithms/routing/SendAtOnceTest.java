package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SendAtOnceTest {

    private static final List<AgentSnapshot> AGENTS =
            List.of(Agents.busy("fast", 100, 4, 4, 100), Agents.idle("slow", 20, 4));

    @Test
    void theShortestQueueIsTheEmptyOne() {
        assertThat(to(AgentChoice.shortestQueue(), 100)).isEqualTo("slow");
        assertThat(to(AgentChoice.leastWork(), 100)).isEqualTo("slow");
    }

    @Test
    void theShortestDelayOfALongAnswerIsOnTheFastAgent() {
        // fast: 100 tokens at 1.3 / 100 s to come, then 400 at 1.3 / 100 s: 6.5 s; slow: 400 / 20 = 20 s
        assertThat(to(AgentChoice.shortestExpectedDelay(), 400)).isEqualTo("fast");
        // slow: 5 / 20 = 0.25 s
        assertThat(to(AgentChoice.shortestExpectedDelay(), 5)).isEqualTo("slow");
    }

    @Test
    void turnsGoByTheSlotsOfAnAgent() {
        AgentChoice turns = AgentChoice.roundRobin();
        List<String> names = IntStream.range(0, 10).mapToObj(i -> to(turns, 1)).toList();

        assertThat(names)
                .containsExactly("fast", "fast", "fast", "fast", "slow", "slow", "slow", "slow", "fast", "fast");
    }

    @Test
    void ofTwoDrawnTheLessCrowdedIsTaken() {
        AgentChoice two = AgentChoice.powerOfTwo(new SplittableRandom(1));
        long slow =
                IntStream.range(0, 1000).filter(i -> to(two, 1).equals("slow")).count();

        // both draws hit the full one in a quarter of all cases
        assertThat(slow).isBetween(700L, 800L);
    }

    @Test
    void whatWasSentBeforeCountsWithinOneDecision() {
        List<AgentSnapshot> equals = List.of(Agents.idle("a", 10, 1), Agents.idle("b", 10, 1));
        List<Verdict> verdicts = new SendAtOnce(AgentChoice.shortestQueue())
                .decide(0, List.of(Agents.request(0, 0, 9, 10), Agents.request(1, 0, 9, 10)), equals);

        assertThat(verdicts.stream().map(each -> ((Verdict.Queue) each).agent()))
                .containsExactly("a", "b");
    }

    @Test
    void aDearAgentIsLeftOutByTheRulesThatCompareSecondsAndByNoOther() {
        // dear: 100 tokens at 100 per second, 1000 W; cheap: at 50 per second, 1 W
        List<AgentSnapshot> agents = List.of(Agents.idle("dear", 100, 1), Agents.idle("cheap", 50, 1));
        Prices prices = new Prices(0.01, 0, 0);

        assertThat(explained(AgentChoice.shortestExpectedDelay(), agents)).isEqualTo("dear Cost 1.0 2.0");
        // 1 s and 10 s for 1000 J; 2 s and .02 s for 2 J
        assertThat(explained(AgentChoice.shortestExpectedDelay(() -> prices), agents))
                .isEqualTo("cheap Cost 11.0 2.0");
        assertThat(explained(AgentChoice.leastWork(() -> prices), agents)).isEqualTo("cheap Work 10.0 0.0");
        assertThat(explained(AgentChoice.shortestQueue(), agents)).isEqualTo("dear RequestsPerSlot 0.0 0.0");
        assertThat(explained(AgentChoice.roundRobin(), agents)).isEqualTo("dear Nothing 0.0 0.0");
        assertThat(explained(AgentChoice.powerOfTwo(new SplittableRandom(1)), agents))
                .endsWith("RequestsPerSlot 0.0 0.0");
    }

    @Test
    void theTermsOfARouteAddUpToWhatExpectedDelayCompares() {
        List<AgentSnapshot> agents = List.of(Agents.busy("dear", 100, 4, 4, 100), Agents.idle("slow", 20, 4));
        List<RouteTerms> told = new ArrayList<>();
        new SendAtOnce(
                        AgentChoice.shortestExpectedDelay(() -> new Prices(0.001, 0, 0, 9)),
                        watch(told, new ArrayList<>()))
                .decide(0, List.of(Agents.request(0, 0, 3, 400)), agents);

        assertThat(told)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.compared()).isCloseTo(each.totalSeconds(), within(1e-9)));
        assertThat(told.get(1).missSeconds()).isCloseTo(9, within(0.1));
        assertThat(told.get(1).free()).isTrue();
        assertThat(told.get(0).free()).isFalse();
        assertThat(told.get(0).waitSeconds()).isCloseTo(1.3, within(1e-6));
    }

    /** Gives the agent, what was compared, and that of each agent to a tenth. */
    private static String explained(AgentChoice choice, List<AgentSnapshot> agents) {
        List<RouteTerms> told = new ArrayList<>();
        List<String> routes = new ArrayList<>();
        new SendAtOnce(choice, watch(told, routes)).decide(0, List.of(Agents.request(0, 0, 1e9, 100)), agents);
        return routes.getFirst()
                + told.stream()
                        .map(each -> " " + Math.round(each.compared() * 10) / 10.0)
                        .collect(Collectors.joining());
    }

    private static RouteWatch watch(List<RouteTerms> told, List<String> routes) {
        return new RouteWatch() {

            @Override
            public boolean wants() {
                return true;
            }

            @Override
            public void routed(WaitingRequest request, String agent, Compared by, List<RouteTerms> candidates) {
                routes.add(agent + " " + by);
                told.addAll(candidates);
            }
        };
    }

    private static String to(AgentChoice choice, double tokens) {
        return AGENTS.get(choice.choose(0, Agents.request(0, 0, 1e9, tokens), AGENTS))
                .agent();
    }
}
