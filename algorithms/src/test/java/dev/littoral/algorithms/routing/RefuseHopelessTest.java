package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RefuseHopelessTest {

    private static final List<AgentSnapshot> AGENTS = List.of(Agents.idle("slow", 5, 1), Agents.idle("fast", 10, 1));

    private final DispatchRule rule = new RefuseHopeless(HoldInOrder.shortestFirst(() -> Prices.NONE), 0.02);

    @Test
    void whatTheFastestAgentCannotEndInTimeIsRefusedWithTheTimeThatItWouldTake() {
        List<Verdict> verdicts = rule.decide(100, List.of(Agents.request(0, 99, 110, 500)), AGENTS);

        // 500 tokens at 10 per second, 10 s are left
        assertThat(verdicts.getFirst()).isInstanceOfSatisfying(Verdict.Refuse.class, refuse -> {
            assertThat(refuse.reason()).isEqualTo(RefusalReason.DeadlineOutOfReach);
            assertThat(refuse.expectedSeconds()).isCloseTo(50, within(1e-3));
        });
    }

    @Test
    void whatOneAgentCanEndInTimeIsNotRefused() {
        assertThat(rule.decide(0, List.of(Agents.request(0, 0, 8, 70)), AGENTS).getFirst())
                .isEqualTo(new Verdict.Start("fast", 7.000001));
    }

    @Test
    void theOthersGetWhatTheRuleSaysInTheirPlaces() {
        List<WaitingRequest> waiting =
                List.of(Agents.request(0, 0, 1, 500), Agents.request(1, 0, 1000, 50), Agents.request(2, 0, -1, 50));

        List<Verdict> verdicts = rule.decide(0, waiting, AGENTS);

        assertThat(verdicts.get(0)).isInstanceOf(Verdict.Refuse.class);
        assertThat(verdicts.get(1)).isInstanceOf(Verdict.Start.class);
        assertThat(verdicts.get(2))
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refuse -> assertThat(refuse.reason()).isEqualTo(RefusalReason.DeadlinePassed));
    }

    @Test
    void whatMerelyWaitsBehindOthersIsHeld() {
        List<AgentSnapshot> full = List.of(Agents.busy("a", 10, 1, 1, 1000));

        assertThat(rule.decide(0, List.of(Agents.request(0, 0, 20, 100)), full)).containsExactly(new Verdict.Hold());
    }

    @Test
    void aShareThatIsNoProbabilityIsRejected() {
        assertThatThrownBy(() -> new RefuseHopeless(rule, 1.5)).hasMessageContaining("refuseBelow");
    }
}
