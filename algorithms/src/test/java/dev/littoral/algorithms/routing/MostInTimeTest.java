package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MostInTimeTest {

    private static final MostInTime RULE = MostInTime.standard();

    @Test
    void whatNoAgentCanEndInTimeIsRefusedWithTheTimeItWouldTake() {
        List<Verdict> verdicts = RULE.decide(
                0, List.of(Agents.request(0, 0, 5, 1000)), List.of(Agents.idle("a", 10, 1), Agents.idle("b", 20, 1)));

        assertThat(verdicts.getFirst()).isInstanceOfSatisfying(Verdict.Refuse.class, refused -> {
            assertThat(refused.reason()).isEqualTo(RefusalReason.DeadlineOutOfReach);
            assertThat(refused.expectedSeconds()).isCloseTo(50, within(0.1));
        });
    }

    @Test
    void whatCanEndInTimeIsNeverRefused() {
        assertThat(RULE.decide(0, List.of(Agents.request(0, 0, 60, 1000)), List.of(Agents.idle("b", 20, 1)))
                        .getFirst())
                .isInstanceOf(Verdict.Start.class);
    }

    @Test
    void theOneThatCannotWaitGoesFirst() {
        List<Verdict> verdicts = RULE.decide(
                0,
                List.of(Agents.request(0, 0, 600, 100), Agents.request(1, 0, 12, 100)),
                List.of(Agents.idle("a", 10, 1)));

        assertThat(verdicts.get(0)).isInstanceOf(Verdict.Hold.class);
        assertThat(verdicts.get(1)).isInstanceOf(Verdict.Start.class);
    }

    @Test
    void whatHasTimeLeavesTheFastAgentToOthers() {
        List<Verdict> verdicts = RULE.decide(
                0,
                List.of(Agents.request(0, 0, 600, 100)),
                List.of(Agents.idle("fast", 100, 1), Agents.idle("slow", 10, 1)));

        assertThat(verdicts.getFirst())
                .isInstanceOfSatisfying(
                        Verdict.Start.class, start -> assertThat(start.agent()).isEqualTo("slow"));
    }

    @Test
    void itIsHeldForTheFastAgentWhereTheSlowOneWouldBeTooLate() {
        List<Verdict> verdicts = RULE.decide(
                0,
                List.of(Agents.request(0, 0, 5, 100)),
                List.of(Agents.busy("fast", 100, 1, 1, 100), Agents.idle("slow", 10, 1)));

        assertThat(verdicts).containsExactly(new Verdict.Hold());
    }

    @Test
    void aMoreUrgentOneThatWaitsElsewhereKeepsTheOnlySlot() {
        assertThat(RULE.decide(
                        0,
                        List.of(Agents.request(0, 0, 600, 100)),
                        List.of(Agents.request(1, 0, 12, 100)),
                        List.of(Agents.idle("a", 10, 1))))
                .satisfiesExactly(
                        ours -> assertThat(ours).isEqualTo(new Verdict.Hold()),
                        theirs -> assertThat(theirs).isInstanceOf(Verdict.Start.class));
    }

    @Test
    void whatPromisesMakeDearIsAvoidedWhileTheCheapAgentPromisesEnough() {
        List<WaitingRequest> one = List.of(Agents.request(0, 0, 100, 100));
        // the dear one is slower, so that the rule would spare the cheap one; 10 s at 1000 W against 5 s at 1 W
        List<AgentSnapshot> agents = List.of(Agents.idle("dear", 10, 1), Agents.idle("cheap", 20, 1));
        List<RouteTerms> told = new ArrayList<>();

        assertThat(agentOf(RULE.decide(0, one, agents))).isEqualTo("dear");
        assertThat(agentOf(
                        RULE.paying(() -> new Prices(0.01, 0, 0), watch(told)).decide(0, one, agents)))
                .isEqualTo("cheap");
        // 10 s x 1000 W x .01 s/J; worth 5 s of 5 + 100 - .05 s of its chance
        assertThat(told.get(0).energySeconds()).isCloseTo(100, within(0.1));
        assertThat(told.get(0).compared()).isCloseTo(0.95 * 5 / 105, within(0.01));
        assertThat(told.get(1).compared()).isGreaterThan(0.9);
    }

    @Test
    void aDearAgentIsTakenOnceTheCheapOneCannotEndInTime() {
        List<WaitingRequest> one = List.of(Agents.request(0, 0, 12, 100));
        List<AgentSnapshot> agents = List.of(Agents.idle("dear", 100, 1), Agents.busy("cheap", 100, 1, 1, 900));
        MostInTime paying = RULE.paying(() -> new Prices(1, 0, 0), RouteWatch.NONE);

        // the cheap one is free after 9 s and ends at 10 s; at 5 s its turn would end at 15 s
        assertThat(paying.decide(0, one, agents)).containsExactly(new Verdict.Hold());
        assertThat(agentOf(paying.decide(5, one, agents))).isEqualTo("dear");
    }

    @Test
    void whatRunsElsewhereIsNotExplainedHere() {
        List<RouteTerms> told = new ArrayList<>();

        assertThat(RULE.paying(() -> Prices.NONE, watch(told))
                        .decide(
                                0,
                                List.of(Agents.request(0, 0, 600, 100)),
                                List.of(Agents.request(1, 0, 12, 100)),
                                List.of(Agents.idle("a", 10, 1))))
                .hasSize(2);
        assertThat(told).isEmpty();
    }

    private static RouteWatch watch(List<RouteTerms> told) {
        return new RouteWatch() {

            @Override
            public boolean wants() {
                return true;
            }

            @Override
            public void routed(WaitingRequest request, String agent, Compared by, List<RouteTerms> candidates) {
                assertThat(by).isEqualTo(Compared.Chance);
                told.addAll(candidates);
            }
        };
    }

    private static String agentOf(List<Verdict> verdicts) {
        assertThat(verdicts.getFirst()).isInstanceOf(Verdict.Start.class);
        return ((Verdict.Start) verdicts.getFirst()).agent();
    }

    @Test
    void settingsOutsideOfTheirBoundsAreRejected() {
        assertThatThrownBy(() -> new MostInTime(0, 0.02, 0.9, 0, 0)).hasMessageContaining("patience");
        assertThatThrownBy(() -> new MostInTime(1, 2, 0.9, 0, 0)).hasMessageContaining("refuseBelow");
        assertThatThrownBy(() -> new MostInTime(1, 0.02, 0.9, 0, -1)).hasMessageContaining("readAheadSeconds");
    }
}
