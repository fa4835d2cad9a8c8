package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.ModelDeploymentStatus;
import dev.littoral.crds.ReplicaPlan;
import dev.littoral.crds.StageStatus;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads the plans in force back from a status, which is where they are kept. */
final class PlacementRecords {

    private PlacementRecords() {}

    static List<ReplicaPlacement> read(Optional<ModelDeploymentStatus> status) {
        return status.stream()
                .flatMap(s -> s.replicaPlans().stream()
                        .map(plan -> placement(plan, s.stages()))
                        .filter(placement -> !placement.stages().isEmpty()))
                .toList();
    }

    private static ReplicaPlacement placement(ReplicaPlan plan, List<StageStatus> stages) {
        return new ReplicaPlacement(
                plan.replica(),
                plan.plan(),
                plan.variant(),
                plan.demand(),
                plan.explanation(),
                plan.predictedSecondsPerToken(),
                plan.runnerUp(),
                plan.plannedAt(),
                stages.stream()
                        .filter(stage -> stage.replica().equals(plan.replica())
                                && stage.plan().equals(plan.plan()))
                        .sorted(Comparator.comparing(StageStatus::index))
                        .map(PlacementRecords::stage)
                        .toList());
    }

    private static PlacedStage stage(StageStatus stage) {
        return new PlacedStage(
                stage.index(),
                stage.pod(),
                stage.node(),
                stage.firstLayer(),
                stage.endLayer(),
                stage.bits(),
                stage.weightBytes(),
                stage.kvBytes(),
                stage.totalBytes(),
                stage.freeBytes());
    }

    static ReplicaPlan write(ReplicaPlacement placement) {
        return new ReplicaPlan(
                placement.replica(),
                placement.plan(),
                placement.variant(),
                placement.demand(),
                placement.explanation(),
                placement.secondsPerToken(),
                placement.runnerUp(),
                placement.plannedAt());
    }

    /**
     * Writes one stage.
     *
     * @param pod the stage's pod, if it is there
     */
    static StageStatus write(ReplicaPlacement placement, PlacedStage stage, Optional<PodFacts> pod) {
        return new StageStatus(
                placement.replica(),
                stage.index(),
                placement.plan(),
                stage.pod(),
                stage.node(),
                stage.firstLayer(),
                stage.endLayer(),
                stage.bits(),
                placement.variant(),
                stage.weightBytes(),
                stage.kvBytes(),
                stage.totalBytes(),
                stage.freeBytes(),
                pod.filter(PodFacts::running)
                        .flatMap(PodFacts::ip)
                        .map(ip -> ip + ":" + AgentPod.GRPC_PORT)
                        .orElse(null),
                pod.filter(facts -> facts.ready() && !facts.terminating()).isPresent());
    }
}
