package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
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

    private static String to(AgentChoice choice, double tokens) {
        return AGENTS.get(choice.choose(Agents.request(0, 0, 1e9, tokens), AGENTS))
                .agent();
    }
}
