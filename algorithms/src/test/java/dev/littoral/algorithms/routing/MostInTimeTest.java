package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
                .containsExactly(new Verdict.Hold());
    }

    @Test
    void settingsOutsideOfTheirBoundsAreRejected() {
        assertThatThrownBy(() -> new MostInTime(0, 0.02, 0.9, 0, 0)).hasMessageContaining("patience");
        assertThatThrownBy(() -> new MostInTime(1, 2, 0.9, 0, 0)).hasMessageContaining("refuseBelow");
        assertThatThrownBy(() -> new MostInTime(1, 0.02, 0.9, 0, -1)).hasMessageContaining("readAheadSeconds");
    }
}
