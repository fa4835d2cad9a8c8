package dev.littoral.operator.modeldeployment;

import static dev.littoral.operator.modeldeployment.Fixtures.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReservationsTest {

    private final Reservations reservations = new Reservations();
    private final ModelDeployment first = deployment("first");
    private final ModelDeployment second = deployment("second");

    @Test
    void whatIsPromisedToOthersIsSummedByNode() {
        reservations.note(second, List.of(placement(stage("p0", "big", 70), stage("p1", "small", 20))));
        ModelDeployment third = deployment("third");
        reservations.note(third, List.of(placement(stage("p2", "big", 5))));

        assertThat(reservations.bytesOfOthers(first, List.of(first, second, third), Set.of()))
                .isEqualTo(Map.of("big", 75 * MIB, "small", 20 * MIB));
    }

    @Test
    void whatIsPromisedToOneselfIsFreeForOneself() {
        reservations.note(first, List.of(placement(stage("p0", "big", 70))));

        assertThat(reservations.bytesOfOthers(first, List.of(first, second), Set.of()))
                .isEmpty();
    }

    @Test
    void memoryThatAPodHoldsIsNoLongerPromised() {
        reservations.note(second, List.of(placement(stage("p0", "big", 70), stage("p1", "big", 20))));

        assertThat(reservations.bytesOfOthers(first, List.of(first, second), Set.of("ns/p0")))
                .isEqualTo(Map.of("big", 20 * MIB));
    }

    @Test
    void aPodOfTheSameNameInAnotherNamespaceHoldsNothingHere() {
        reservations.note(second, List.of(placement(stage("p0", "big", 70))));

        assertThat(reservations.bytesOfOthers(first, List.of(first, second), Set.of("elsewhere/p0")))
                .isEqualTo(Map.of("big", 70 * MIB));
    }

    @Test
    void whatADeletedDeploymentWasPromisedIsForgotten() {
        reservations.note(second, List.of(placement(stage("p0", "big", 70))));

        assertThat(reservations.bytesOfOthers(first, List.of(first), Set.of())).isEmpty();
    }

    private static ReplicaPlacement placement(PlacedStage... stages) {
        return new ReplicaPlacement(
                0, "plan", "eight", "demand", "", 0.001, null, "2026-01-01T00:00:00Z", List.of(stages));
    }

    private static PlacedStage stage(String pod, String node, long mib) {
        return new PlacedStage(0, pod, node, 0, 8, List.of(8), 1, 1, mib * MIB, 100 * MIB);
    }

    private static ModelDeployment deployment(String name) {
        ModelDeployment deployment = new ModelDeployment();
        deployment.setMetadata(new ObjectMetaBuilder()
                .withNamespace("ns")
                .withName(name)
                .withUid("uid-of-" + name)
                .build());
        return deployment;
    }
}
