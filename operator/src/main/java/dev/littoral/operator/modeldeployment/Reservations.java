package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Knows which memory is promised to stages whose pods are not there yet, so that two deployments planned at once do not
 * plan with the same bytes.
 */
final class Reservations {

    private final Map<String, List<PlacedStage>> stages = new HashMap<>();

    /** Runs one planning after the other. */
    synchronized <T> T exclusively(Supplier<T> planning) {
        return planning.get();
    }

    /** Notes the stages of a deployment's plans in force. */
    synchronized void note(ModelDeployment deployment, List<ReplicaPlacement> placements) {
        stages.put(
                uid(deployment),
                placements.stream()
                        .flatMap(placement -> placement.stages().stream())
                        .toList());
    }

    /**
     * Sums up, by node, what is promised to others.
     *
     * @param deployments all that exist; what is noted of any other is forgotten
     * @param pods names of all pods that are there, whose memory is held and no longer promised
     */
    synchronized Map<String, Long> bytesOfOthers(
            ModelDeployment deployment, Collection<ModelDeployment> deployments, Set<String> pods) {
        stages.keySet().retainAll(deployments.stream().map(Reservations::uid).toList());
        Map<String, Long> bytes = new HashMap<>();
        deployments.stream()
                .filter(other -> !uid(other).equals(uid(deployment)))
                .flatMap(other -> stagesOf(other).stream()
                        .filter(stage -> !pods.contains(other.getMetadata().getNamespace() + "/" + stage.pod())))
                .forEach(stage -> bytes.merge(stage.node(), stage.totalBytes(), Long::sum));
        return bytes;
    }

    /** After a restart only the status knows. */
    private List<PlacedStage> stagesOf(ModelDeployment deployment) {
        return stages.getOrDefault(
                uid(deployment),
                PlacementRecords.read(Optional.ofNullable(deployment.getStatus())).stream()
                        .flatMap(placement -> placement.stages().stream())
                        .toList());
    }

    private static String uid(ModelDeployment deployment) {
        return deployment.getMetadata().getUid();
    }
}
