package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HoldInOrderTest {

    private static final double NEVER = Double.POSITIVE_INFINITY;

    @Test
    void theShortestTakesTheOnlySlot() {
        List<Verdict> verdicts = shortestFirst()
                .decide(
                        10,
                        List.of(Agents.request(0, 9, NEVER, 500), Agents.request(1, 10, NEVER, 50)),
                        List.of(Agents.idle("a", 10, 1)));

        assertThat(verdicts.get(0)).isInstanceOf(Verdict.Hold.class);
        assertThat(verdicts.get(1)).isInstanceOf(Verdict.Start.class);
    }

    @Test
    void whoHasWaitedFiftyTimesItsWorkIsNotOvertakenAnyMore() {
        // 500 tokens take 50 s of this fleet: overtaken by what comes within 50 * (50 - 5) s
        List<WaitingRequest> waiting = List.of(Agents.request(0, 0, NEVER, 500), Agents.request(1, 2251, NEVER, 50));

        List<Verdict> verdicts = shortestFirst().decide(2251, waiting, List.of(Agents.idle("a", 10, 1)));

        assertThat(verdicts.get(0)).isInstanceOf(Verdict.Start.class);
    }

    @Test
    void aSlowAgentIsPassedOverWhileTheFastOneEndsSooner() {
        // fast: 10 tokens to come, then 100 at 100 per second; slow: 100 at 2 per second
        List<Verdict> verdicts = shortestFirst()
                .decide(
                        0,
                        List.of(Agents.request(0, 0, NEVER, 100)),
                        List.of(Agents.busy("fast", 100, 1, 1, 10), Agents.idle("slow", 2, 1)));

        assertThat(verdicts).containsExactly(new Verdict.Hold());
    }

    @Test
    void anAgentForWhichManyWaitGrowsDear() {
        HoldInOrder rule = shortestFirst();
        List<AgentSnapshot> agents = List.of(Agents.busy("fast", 100, 1, 1, 100), Agents.idle("slow", 30, 1));
        List<WaitingRequest> one = List.of(Agents.request(0, 0, NEVER, 100));
        assertThat(rule.decide(0, one, agents)).containsExactly(new Verdict.Hold());

        List<WaitingRequest> many = IntStream.range(0, 8)
                .mapToObj(i -> Agents.request(i, 0, NEVER, 100))
                .toList();
        List<AgentSnapshot> full = List.of(Agents.busy("fast", 100, 1, 1, 100), Agents.busy("slow", 30, 1, 1, 100));
        IntStream.range(1, 60).forEach(second -> rule.decide(second, many, full));

        assertThat(rule.decide(60, one, agents).getFirst()).isInstanceOf(Verdict.Start.class);
    }

    @Test
    void aPriceOnEnergySendsWorkToTheFrugalAgent() {
        List<AgentSnapshot> agents = List.of(Agents.idle("dear", 100, 1), Agents.idle("frugal", 50, 1));
        List<WaitingRequest> one = List.of(Agents.request(0, 0, NEVER, 100));

        assertThat(started(shortestFirst().decide(0, one, agents))).containsExactly("dear");
        // 1 s sooner for 998 J more: worth it below a thousandth of a second per joule
        assertThat(started(
                        HoldInOrder.shortestFirst(() -> new Prices(0.01, 0, 0)).decide(0, one, agents)))
                .containsExactly("frugal");
    }

    @Test
    void whatHasNoRoomInMemoryIsHeldUnlessTheAgentIsEmpty() {
        WaitingRequest large = Agents.request(0, 0, NEVER, 1000);
        AgentSnapshot tight = new AgentSnapshot(
                "a",
                new ServiceTimes(1e-6, 0.1, 0.1),
                2,
                1,
                List.of(new RunningAnswer(NEVER, 0, 0, LengthForecast.exactly(10))),
                List.of(),
                500,
                Tariff.FREE);

        assertThat(shortestFirst().decide(0, List.of(large), List.of(tight))).containsExactly(new Verdict.Hold());
    }

    @Test
    void aPromptIsHeldWhileTheAgentStillReadsAnother() {
        // 1,000 tokens at 1,000 per second: more than is read ahead; 50 of them are not
        assertThat(shortestFirst().decide(0, List.of(Agents.request(0, 0, NEVER, 100)), List.of(reading(1000))))
                .containsExactly(new Verdict.Hold());
        assertThat(started(shortestFirst().decide(0, List.of(Agents.request(0, 0, NEVER, 100)), List.of(reading(50)))))
                .containsExactly("a");
    }

    @Test
    void theRuleThatOursIsComparedWithReadsAheadAsEver() {
        assertThat(started(HoldInOrder.earliestDeadlineFirst()
                        .decide(0, List.of(Agents.request(0, 0, NEVER, 100)), List.of(reading(1000)))))
                .containsExactly("a");
    }

    @Test
    void aShorterOneThatWaitsElsewhereKeepsTheOnlySlot() {
        List<WaitingRequest> own = List.of(Agents.request(0, 0, NEVER, 500));

        assertThat(shortestFirst()
                        .decide(0, own, List.of(Agents.request(1, 0, NEVER, 50)), List.of(Agents.idle("a", 10, 1))))
                .satisfiesExactly(
                        ours -> assertThat(ours).isEqualTo(new Verdict.Hold()),
                        theirs -> assertThat(theirs).isInstanceOf(Verdict.Start.class));
        assertThat(shortestFirst()
                        .decide(0, own, List.of(Agents.request(1, 0, NEVER, 900)), List.of(Agents.idle("a", 10, 1))))
                .satisfiesExactly(
                        ours -> assertThat(ours).isInstanceOf(Verdict.Start.class),
                        theirs -> assertThat(theirs).isEqualTo(new Verdict.Hold()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void schedulersThatTellEachOtherAllStartTogetherWhatOneAloneWould(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<AgentSnapshot> agents = IntStream.range(0, 4)
                .mapToObj(j -> Agents.idle("a" + j, random.nextDouble(1, 100), 1 + random.nextInt(3)))
                .toList();
        List<WaitingRequest> all = IntStream.range(0, 30)
                .mapToObj(i -> Agents.request(i, 0, random.nextDouble(20, 600), random.nextDouble(1, 900)))
                .toList();
        for (int n = 0; n < 2; n++) {
            List<Verdict> alone = (n == 0 ? shortestFirst() : MostInTime.standard()).decide(0, all, agents);
            List<Verdict> first = (n == 0 ? shortestFirst() : MostInTime.standard())
                    .decide(0, all.subList(0, 10), all.subList(10, 30), agents);
            List<Verdict> second = (n == 0 ? shortestFirst() : MostInTime.standard())
                    .decide(0, all.subList(10, 30), all.subList(0, 10), agents);

            assertThat(first).isEqualTo(alone);
            assertThat(second.subList(0, 20)).isEqualTo(alone.subList(10, 30));
            assertThat(second.subList(20, 30)).isEqualTo(alone.subList(0, 10));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noAgentGetsMoreThanItsFreeSlotsAndEveryRequestOneVerdict(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<AgentSnapshot> agents = new ArrayList<>();
        for (int j = 0; j <= random.nextInt(6); j++) {
            int slots = 1 + random.nextInt(8);
            agents.add(Agents.busy(
                    "a" + j, random.nextDouble(1, 100), slots, random.nextInt(slots + 1), random.nextDouble(1, 500)));
        }
        List<WaitingRequest> waiting = IntStream.range(0, random.nextInt(40))
                .mapToObj(i -> Agents.request(i, 0, random.nextDouble(1, 100), random.nextDouble(1, 900)))
                .toList();
        for (DispatchRule rule : List.of(shortestFirst(), HoldInOrder.earliestDeadlineFirst(), MostInTime.standard())) {
            List<Verdict> verdicts = rule.decide(0, waiting, agents);

            assertThat(verdicts).hasSameSizeAs(waiting);
            for (AgentSnapshot agent : agents) {
                assertThat(started(verdicts).stream().filter(agent.agent()::equals))
                        .hasSizeLessThanOrEqualTo(agent.freeSlots());
            }
        }
    }

    @Test
    void aSolverDecidesWhereMoreThanOneMayStart() {
        List<WaitingRequest> two = List.of(Agents.request(0, 0, NEVER, 100), Agents.request(1, 0, NEVER, 100));
        List<AgentSnapshot> agents = List.of(Agents.idle("a", 100, 1), Agents.idle("b", 90, 1));

        List<Verdict> verdicts = shortestFirst()
                .solvedBy((cost, work, memory, free, hold) -> {
                    // 1 s on the first; it has one slot, so that one request takes all of its memory
                    assertThat(cost[0][0]).isCloseTo(1, within(1e-3));
                    assertThat(memory[0][0]).isEqualTo(free[0]);
                    return new int[] {1, SlotSolver.HELD};
                })
                .decide(0, two, agents);

        assertThat(started(verdicts)).containsExactly("b");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void onOneSerialAgentTheOrderIsTheOneOfLeastMeanLatency(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<WaitingRequest> waiting = new ArrayList<>(IntStream.range(0, 5)
                .mapToObj(i -> Agents.request(i, 0, NEVER, random.nextDouble(1, 900)))
                .toList());
        double now = 0;
        double sum = 0;
        HoldInOrder rule = shortestFirst();
        while (!waiting.isEmpty()) {
            List<Verdict> verdicts = rule.decide(now, waiting, List.of(Agents.idle("a", 10, 1)));
            int next = IntStream.range(0, verdicts.size())
                    .filter(i -> verdicts.get(i) instanceof Verdict.Start)
                    .findFirst()
                    .orElseThrow();
            now += waiting.remove(next).answer().meanTokens() / 10;
            sum += now;
        }
        SplittableRandom again = new SplittableRandom(seed);
        double[] lengths =
                IntStream.range(0, 5).mapToDouble(i -> again.nextDouble(1, 900)).toArray();

        assertThat(sum).isLessThanOrEqualTo(leastSum(lengths, 0, 0, 0) * (1 + 1e-9));
    }

    /** Has two slots, one of which reads so many tokens at 1,000 per second. */
    private static AgentSnapshot reading(double unreadTokens) {
        return new AgentSnapshot(
                "a",
                new ServiceTimes(1e-3, 0.1, 0.1),
                2,
                1,
                List.of(new RunningAnswer(NEVER, unreadTokens, 0, LengthForecast.exactly(10))),
                List.of(),
                NEVER,
                Tariff.FREE);
    }

    private static HoldInOrder shortestFirst() {
        return HoldInOrder.shortestFirst(() -> Prices.NONE);
    }

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    private static double leastSum(double[] lengths, int served, double now, double sum) {
        if (served == (1 << lengths.length) - 1) {
            return sum;
        }
        double least = NEVER;
        for (int i = 0; i < lengths.length; i++) {
            if ((served & 1 << i) == 0) {
                double end = now + lengths[i] / 10;
                least = Math.min(least, leastSum(lengths, served | 1 << i, end, sum + end));
            }
        }
        return least;
    }

    private static List<String> started(List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(Verdict.Start.class::isInstance)
                .map(each -> ((Verdict.Start) each).agent())
                .toList();
    }
}
