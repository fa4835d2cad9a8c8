package dev.littoral.operator.modeldeployment;

import static dev.littoral.operator.modeldeployment.Fixtures.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.crds.NodeServer;
import dev.littoral.operator.modeldeployment.Decision.Change;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Agents of 64 MiB. */
class ServerDeciderTest {

    private static final ServerDemand DEMAND = new ServerDemand(new NodeServer(11_434, "llama3.2:1b", null), 4096, 2);

    private static Decision decide(
            ServerDemand demand, boolean wanted, List<Candidate> nodes, List<ReplicaPlacement> current) {
        return new ServerDecider("chat", demand, nodes, 64 * MIB, "2026-01-01T00:00:00Z").decide(wanted, current);
    }

    private static Decision decide(List<Candidate> nodes, List<ReplicaPlacement> current) {
        return decide(DEMAND, true, nodes, current);
    }

    private static Map<Integer, String> nodes(Decision decision) {
        return decision.placements().stream()
                .collect(Collectors.toMap(
                        ReplicaPlacement::replica,
                        placement -> placement.stages().getFirst().node()));
    }

    private static List<DeploymentEvent> events(Decision decision) {
        return decision.changes().stream().map(Change::event).toList();
    }

    @Test
    void everyNodeGetsOneAgentThatNeedsItsOwnMemoryOnly() {
        Decision decision = decide(List.of(Fixtures.node("two", 64), Fixtures.node("one", 500)), List.of());

        assertThat(decision.refusal()).isEmpty();
        assertThat(nodes(decision)).isEqualTo(Map.of(0, "one", 1, "two"));
        PlacedStage stage = decision.placements().getFirst().stages().getFirst();
        assertThat(stage.totalBytes()).isEqualTo(64 * MIB);
        assertThat(stage.endLayer()).isZero();
        assertThat(decision.placements().getFirst().summary()).isEqualTo("llama3.2:1b: one");
    }

    @Test
    void aPlanIsKeptWhileItsNodeLivesAndTheSameIsAskedFor() {
        List<Candidate> nodes = List.of(Fixtures.node("one", 500), Fixtures.node("two", 500));
        List<ReplicaPlacement> current = decide(nodes, List.of()).placements();

        // an agent's own memory is free to its deployment, but a kept plan asks for none
        Decision again = decide(List.of(Fixtures.node("one", 1), Fixtures.node("two", 500)), current);

        assertThat(again.placements()).isEqualTo(current);
        assertThat(again.changes()).isEmpty();
    }

    @Test
    void aNodeThatComesTakesTheLeastFreeNumberAndTheOthersKeepTheirs() {
        List<ReplicaPlacement> current = decide(
                        List.of(Fixtures.node("one", 500), Fixtures.node("two", 500), Fixtures.node("zoo", 500)),
                        List.of())
                .placements();

        Decision decision = decide(
                List.of(Fixtures.node("new", 500), Fixtures.node("two", 500), Fixtures.node("zoo", 500)), current);

        assertThat(nodes(decision)).isEqualTo(Map.of(0, "new", 1, "two", 2, "zoo"));
        assertThat(events(decision)).containsExactly(DeploymentEvent.PlanMade);
    }

    @Test
    void aLostNodeLosesItsPlan() {
        List<ReplicaPlacement> current = decide(
                        List.of(Fixtures.node("one", 500), Fixtures.node("two", 500)), List.of())
                .placements();

        Decision decision =
                decide(List.of(Fixtures.node("one", 500, 500, false, 10), Fixtures.node("two", 500)), current);

        assertThat(nodes(decision)).isEqualTo(Map.of(1, "two"));
        assertThat(events(decision)).containsExactly(DeploymentEvent.PlanDropped);
    }

    @Test
    void anotherPortMakesAnotherPlanOfTheSameNumber() {
        List<Candidate> nodes = List.of(Fixtures.node("one", 500));
        List<ReplicaPlacement> current = decide(nodes, List.of()).placements();
        var moved = new ServerDemand(new NodeServer(8000, "llama3.2:1b", null), 4096, 2);

        Decision decision = decide(moved, true, nodes, current);

        assertThat(nodes(decision)).isEqualTo(Map.of(0, "one"));
        assertThat(decision.placements().getFirst().demand())
                .isNotEqualTo(current.getFirst().demand());
        assertThat(events(decision)).containsExactly(DeploymentEvent.PlanReplaced);
    }

    @Test
    void aNodeWithoutRoomIsNamedAndTheOthersServe() {
        Decision decision = decide(List.of(Fixtures.node("one", 63), Fixtures.node("two", 500)), List.of());

        assertThat(nodes(decision).values()).containsExactly("two");
        assertThat(decision.refusal().orElseThrow().reason()).isEqualTo(DeploymentReason.DoesNotFit);
        assertThat(decision.refusal().orElseThrow().message())
                .isEqualTo("one lacks %d of the %d bytes of an agent".formatted(MIB, 64 * MIB));
    }

    @Test
    void withoutNodesOrWithoutAWishThereIsNoPlan() {
        assertThat(decide(List.of(), List.of()).refusal().orElseThrow().reason())
                .isEqualTo(DeploymentReason.NoNodes);
        Decision none = decide(DEMAND, false, List.of(Fixtures.node("one", 500)), List.of());
        assertThat(none.placements()).isEmpty();
        assertThat(none.refusal()).isEmpty();
    }
}
