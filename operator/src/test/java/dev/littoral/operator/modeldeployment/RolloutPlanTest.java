package dev.littoral.operator.modeldeployment;

import static dev.littoral.operator.modeldeployment.Fixtures.decide;
import static dev.littoral.operator.modeldeployment.Fixtures.node;
import static dev.littoral.operator.modeldeployment.Fixtures.small;
import static dev.littoral.operator.modeldeployment.Fixtures.wide;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

    private final Decision one = decide(small(), List.of(node("a", 200)), 1, List.of());
    private final ReplicaPlacement placement = one.placements().getFirst();

    @Test
    void aStageWithoutPodIsMadeWhereItsMemoryIsFree() {
        Rollout rollout = rollout(one, List.of(), node("a", 200));

        assertThat(rollout.creations()).hasSize(1);
        assertThat(rollout.waiting()).isEmpty();
    }

    @Test
    void anOldReadyPodStaysUntilTheNewOneIsReady() {
        PodFacts old = pod("old", "before", "a", true);

        assertThat(rollout(one, List.of(old), node("a", 200)).deletions()).isEmpty();
        assertThat(rollout(one, List.of(old, ready(placement.stages().getFirst())), node("a", 200))
                        .deletions())
                .extracting(deletion -> deletion.pod().name())
                .containsExactly("old");
    }

    @Test
    void anOldPodEndsWhereTheNewOneNeedsItsMemory() {
        Rollout rollout = rollout(one, List.of(pod("old", "before", "a", true)), node("a", 200, 10, true, 10));

        assertThat(rollout.creations()).isEmpty();
        assertThat(rollout.waiting()).singleElement().asString().contains("on a, where 10485760 are not held");
        assertThat(rollout.deletions()).hasSize(1);
    }

    @Test
    void anOldPodThatAnswersNobodyEndsAtOnce() {
        assertThat(rollout(one, List.of(pod("old", "before", "a", false)), node("a", 200))
                        .deletions())
                .hasSize(1);
    }

    @Test
    void aPodOfAReplicaThatNobodyWantsEnds() {
        Decision none = decide(small(), List.of(node("a", 200)), 0, one.placements());

        assertThat(rollout(none, List.of(ready(placement.stages().getFirst())), node("a", 200))
                        .deletions())
                .extracting(Rollout.Deletion::why)
                .containsExactly("no plan has replica 0 any more");
    }

    @Test
    void aStageIsToldOfTheNextOnceThatHasAnAddress() {
        Decision split = decide(wide(), List.of(node("a", 130), node("b", 130)), 1, List.of());
        List<PlacedStage> stages = split.placements().getFirst().stages();

        Rollout rollout =
                rollout(split, stages.stream().map(RolloutPlanTest::ready).toList(), node("a", 130), node("b", 130));

        assertThat(rollout.links()).hasSize(1);
        assertThat(rollout.links().getFirst().pod().name())
                .isEqualTo(stages.getFirst().pod());
        assertThat(rollout.links().getFirst().next()).isEqualTo("127.0.0.9:9090");
    }

    @Test
    void aRefusedPodIsMadeAgainAfterAWhile() {
        PlacedStage stage = placement.stages().getFirst();
        PodFacts refused = refused(stage, NOW.minusSeconds(2));
        PodFacts refusedLongAgo = refused(stage, NOW.minusSeconds(20));

        assertThat(rollout(one, List.of(refused), node("a", 200)).deletions()).isEmpty();
        assertThat(rollout(one, List.of(refusedLongAgo), node("a", 200)).deletions())
                .hasSize(1);
    }

    private static Rollout rollout(Decision decision, List<PodFacts> pods, Candidate... nodes) {
        return new RolloutPlan(decision, pods, List.of(nodes), NOW, Duration.ofSeconds(5)).work();
    }

    private static PodFacts ready(PlacedStage stage) {
        return pod(stage.pod(), "plan", stage.node(), true);
    }

    private static PodFacts pod(String name, String plan, String node, boolean ready) {
        return new PodFacts(
                name,
                "uid",
                plan,
                0,
                node,
                NOW,
                false,
                true,
                ready,
                Optional.empty(),
                Optional.empty(),
                Optional.of("127.0.0.9"),
                Optional.empty());
    }

    private static PodFacts refused(PlacedStage stage, Instant created) {
        return new PodFacts(
                stage.pod(),
                "uid",
                "plan",
                0,
                stage.node(),
                created,
                false,
                false,
                false,
                Optional.of("OutOfmemory: no room"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
