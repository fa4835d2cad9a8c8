package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShortestExpectedDelayTest {

    private static final Work WORK = new Work(100, 50);
    private final ShortestExpectedDelay rule = new ShortestExpectedDelay(1);

    @Test
    void theFasterOfTwoIdleAgentsAnswers() {
        // slow 100/100 + 50/10 = 6 s, fast 100/200 + 50/20 = 3 s
        assertThat(rule.route(WORK, List.of(idle("slow", 100, 10), idle("fast", 200, 20))))
                .isEqualTo(new Route.Send("fast", 3));
    }

    @Test
    void aSlowIdleAgentBeatsAFastCrowdedOne() {
        // slow 6 s, fast 3 s * (1 + 2) = 9 s
        AgentLoad crowded = new AgentLoad("fast", 1, 2, 8, 200, 20);

        assertThat(rule.route(WORK, List.of(idle("slow", 100, 10), crowded))).isEqualTo(new Route.Send("slow", 6));
    }

    @Test
    void waitingForAFastAgentBeatsASlowOneThatIsFree() {
        // slow 100/10 + 50/1 = 60 s, fast 2 s wait + 3 s
        AgentLoad busy = new AgentLoad("fast", 0, 1, 2, 200, 20);

        assertThat(rule.route(WORK, List.of(idle("slow", 10, 1), busy))).isEqualTo(new Route.Hold("fast", 5));
    }

    @Test
    void aTieGoesToTheSmallerName() {
        assertThat(rule.route(WORK, List.of(idle("b", 100, 10), idle("a", 100, 10))))
                .isEqualTo(new Route.Send("a", 6));
    }

    @Test
    void withoutAgentsThereIsNoRoute() {
        assertThat(rule.route(WORK, List.of())).isEqualTo(new Route.NoAgent());
    }

    @Test
    void batchingMakesCompanyCheap() {
        // 3 s * (1 + 0.18 * 2) = 4.08 s
        AgentLoad crowded = new AgentLoad("fast", 1, 2, 8, 200, 20);

        assertThat(new ShortestExpectedDelay(0.18).expectedSeconds(WORK, crowded))
                .isCloseTo(4.08, within(1e-9));
    }

    @Test
    void valuesOnWhichNoSumCanBeDoneAreRejected() {
        assertThatThrownBy(() -> new ShortestExpectedDelay(Double.NaN)).hasMessageContaining("sharing");
        assertThatThrownBy(() -> new AgentLoad("a", 1, 0, 0, 0, 1)).hasMessageContaining("rates");
        assertThatThrownBy(() -> new AgentLoad("a", 1, 0, Double.NaN, 1, 1)).hasMessageContaining("backlogSeconds");
        assertThatThrownBy(() -> new Work(1, Double.POSITIVE_INFINITY)).hasMessageContaining("expected lengths");
    }

    @ParameterizedTest
    @MethodSource("randomFleets") // 300 of them, SplittableRandom(7)
    void theChosenAgentIsTheBestOfAllByASimulationOfEachChoice(List<AgentLoad> fleet) {
        double best =
                fleet.stream().mapToDouble(load -> byStepping(WORK, load)).min().orElseThrow();

        Route route = rule.route(WORK, fleet);

        String chosen = route instanceof Route.Send send ? send.agent() : ((Route.Hold) route).agent();
        AgentLoad load = fleet.stream()
                .filter(each -> each.agent().equals(chosen))
                .findFirst()
                .orElseThrow();
        assertThat(byStepping(WORK, load)).isCloseTo(best, within(1e-6 * best));
        assertThat(route instanceof Route.Send).isEqualTo(load.freeSlots() > 0);
    }

    @ParameterizedTest
    @MethodSource("randomFleets")
    void theOrderOfAgentsDoesNotMatter(List<AgentLoad> fleet) {
        List<AgentLoad> shuffled = new ArrayList<>(fleet);
        Collections.shuffle(shuffled, new Random(3));

        assertThat(rule.route(WORK, shuffled)).isEqualTo(rule.route(WORK, fleet));
    }

    /** Serves tokens one at a time, turn by turn among everything that runs; nothing of the formula is used. */
    private static double byStepping(Work work, AgentLoad load) {
        double now = 0;
        int companions = load.runningSequences();
        if (load.freeSlots() == 0) {
            double each = load.backlogSeconds() / load.runningSequences();
            // the first to end gets every running-th slice of time
            for (int slice = 0; slice < 1000; slice++) {
                now += each / 1000 * load.runningSequences();
            }
            companions--;
        }
        for (int token = 0; token < work.promptTokens(); token++) {
            now += (companions + 1) / load.prefillTokensPerSecond();
        }
        for (int token = 0; token < work.answerTokens(); token++) {
            now += (companions + 1) / load.decodeTokensPerSecond();
        }
        return now;
    }

    static Stream<List<AgentLoad>> randomFleets() {
        SplittableRandom random = new SplittableRandom(7);
        return IntStream.range(0, 300)
                .mapToObj(fleet -> IntStream.rangeClosed(1, random.nextInt(1, 9))
                        .mapToObj(agent -> randomLoad("agent-" + agent, random))
                        .toList());
    }

    private static AgentLoad randomLoad(String name, SplittableRandom random) {
        int free = random.nextInt(3);
        int running = free == 0 ? random.nextInt(1, 5) : random.nextInt(4);
        double backlog = running == 0 ? 0 : random.nextDouble(20);
        return new AgentLoad(name, free, running, backlog, random.nextDouble(50, 2000), random.nextDouble(2, 200));
    }

    private static AgentLoad idle(String name, double prefill, double decode) {
        return new AgentLoad(name, 1, 0, 0, prefill, decode);
    }
}
