package dev.littoral.operator.modeldeployment;

import static dev.littoral.operator.modeldeployment.Fixtures.MIB;
import static dev.littoral.operator.modeldeployment.Fixtures.decide;
import static dev.littoral.operator.modeldeployment.Fixtures.demand;
import static dev.littoral.operator.modeldeployment.Fixtures.node;
import static dev.littoral.operator.modeldeployment.Fixtures.small;
import static dev.littoral.operator.modeldeployment.Fixtures.wide;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.crds.Strategy;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeciderTest {

    @Test
    void podsAreNamedAfterDeploymentPlanReplicaAndStage() {
        ReplicaPlacement placement = only(decide(small(), List.of(node("a", 200)), 1, List.of()));

        assertThat(placement.plan()).matches("[a-z0-9]{6}");
        assertThat(placement.stages().getFirst().pod()).isEqualTo("chat-" + placement.plan() + "-r0-s0");
    }

    @Test
    void aValidPlanIsKeptThoughABetterNodeCame() {
        List<ReplicaPlacement> before =
                decide(small(), List.of(node("a", 200)), 1, List.of()).placements();

        Decision after = decide(small(), List.of(node("a", 80), node("faster", 500, 500, true, 900)), 1, before);

        assertThat(after.placements()).isEqualTo(before);
        assertThat(after.changes()).isEmpty();
    }

    @Test
    void aRateThatMovesWithinItsStepKeepsThePlanAndOneThatLeavesItDoesNot() {
        List<ReplicaPlacement> before =
                decide(small(), List.of(node("a", 200)), 1, List.of()).placements();

        // 10 is step 10.3 of 25 %, rounded 10; 10.2 is 10.4; 20 is 13.4
        assertThat(decide(small(), List.of(node("a", 200, 200, true, 10.2)), 1, before)
                        .placements())
                .isEqualTo(before);
        assertThat(decide(small(), List.of(node("a", 200, 200, true, 20)), 1, before)
                        .changes())
                .extracting(Decision.Change::event)
                .containsExactly(DeploymentEvent.PlanReplaced);
    }

    @Test
    void aLostNodeReplacesOnlyThePlansThatUseIt() {
        List<ReplicaPlacement> before = decide(small(), List.of(node("a", 100), node("b", 100)), 2, List.of())
                .placements();
        String lost = before.getFirst().stages().getFirst().node();

        Decision after = decide(
                small(),
                List.of(
                        node("a", 100, 100, !lost.equals("a"), 10),
                        node("b", 100, 100, !lost.equals("b"), 10),
                        node("c", 100)),
                2,
                before);

        assertThat(after.placements().getLast()).isEqualTo(before.getLast());
        assertThat(after.placements().getFirst().stages())
                .extracting(PlacedStage::node)
                .containsExactly("c");
        assertThat(after.changes().getFirst().message()).contains("node " + lost + " is lost");
    }

    @Test
    void replicasDoNotPlanWithTheSameBytes() {
        Decision decision = decide(small(), List.of(node("a", 100)), 2, List.of());

        assertThat(decision.placements()).hasSize(1);
        assertThat(decision.refusal()).hasValueSatisfying(refusal -> {
            assertThat(refusal.reason()).isEqualTo(DeploymentReason.DoesNotFit);
            assertThat(refusal.message()).startsWith("replica 1: variant eight").contains("misses");
        });
    }

    @Test
    void whatDoesNotFitKeepsThePlanBeforeWhileItsNodesLive() {
        List<ReplicaPlacement> before =
                decide(small(), List.of(node("a", 90)), 1, List.of()).placements();

        Decision after = decide(wide(), List.of(node("a", 90)), 1, before);

        assertThat(after.placements()).isEqualTo(before);
        assertThat(after.outdated()).containsExactly(0);
        assertThat(after.refusal())
                .hasValueSatisfying(refusal -> assertThat(refusal.message()).endsWith("the plan before serves on"));
    }

    @Test
    void aPlanOnALostNodeIsDroppedWhenNothingElseFits() {
        List<ReplicaPlacement> before =
                decide(small(), List.of(node("a", 90)), 1, List.of()).placements();

        Decision after = decide(small(), List.of(node("a", 90, 90, false, 10)), 1, before);

        assertThat(after.placements()).isEmpty();
        assertThat(after.refusal()).hasValueSatisfying(refusal -> {
            assertThat(refusal.reason()).isEqualTo(DeploymentReason.NoNodes);
            assertThat(refusal.message()).contains("a: the node does not report that it is ready");
        });
    }

    @Test
    void theStrategyWholeRefusesWhatAutoSplits() {
        List<Candidate> nodes = List.of(node("a", 130), node("b", 135));

        assertThat(only(decide(wide(), nodes, 1, List.of())).stages()).hasSize(2);
        assertThat(decide(demand(Strategy.WHOLE, 512, 20), nodes, 1, List.of()).refusal())
                .hasValueSatisfying(refusal -> assertThat(refusal.message()).contains("a: ", "b: ", "on b"));
    }

    @Test
    void theStrategyWholeTakesTheFastestNodeThatHoldsTheModel() {
        List<Candidate> nodes = List.of(node("slow", 400, 400, true, 1), node("fast", 400), node("tiny", 70));

        ReplicaPlacement placement = only(decide(demand(Strategy.WHOLE, 512, 20), nodes, 1, List.of()));

        assertThat(placement.stages()).hasSize(1);
        assertThat(placement.stages().getFirst().node()).isEqualTo("fast");
        assertThat(placement.stages().getFirst().totalBytes()).isLessThan(400 * MIB);
    }

    private static ReplicaPlacement only(Decision decision) {
        assertThat(decision.placements()).hasSize(1);
        return decision.placements().getFirst();
    }
}
