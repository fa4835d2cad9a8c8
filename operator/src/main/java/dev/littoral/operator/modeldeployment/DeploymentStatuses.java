package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.Condition;
import dev.littoral.crds.ModelDeployment;
import dev.littoral.crds.ModelDeploymentStatus;
import dev.littoral.crds.PlanStatus;
import dev.littoral.operator.status.Conditions;
import dev.littoral.operator.status.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes how far a deployment is into its status. */
public final class DeploymentStatuses {

    private final Conditions conditions;
    private final Optional<String> url;

    /**
     * Prepares to write.
     *
     * @param url where the scheduler takes requests, if it is known
     */
    public DeploymentStatuses(Conditions conditions, Optional<String> url) {
        this.conditions = conditions;
        this.url = url;
    }

    /** The two figures of the scheduler are absent, since server-side apply would take them from it. */
    ModelDeploymentStatus status(
            ModelDeployment deployment,
            List<Condition> before,
            Progress progress,
            SequencedMap<String, Verdict> verdicts) {
        long generation = deployment.getMetadata().getGeneration();
        return new ModelDeploymentStatus(
                generation,
                conditions.after(before, generation, verdicts),
                plan(progress),
                progress.placements().stream().map(PlacementRecords::write).toList(),
                progress.placements().stream()
                        .flatMap(placement -> placement.stages().stream()
                                .map(stage -> PlacementRecords.write(placement, stage, progress.pod(stage))))
                        .toList(),
                url.orElse(null),
                progress.placements().size(),
                progress.readyReplicas(),
                Labels.firstStagesOf(deployment.getMetadata().getName()),
                null,
                null);
    }

    private static @Nullable PlanStatus plan(Progress progress) {
        return progress.placements().stream()
                .max(Comparator.comparing(ReplicaPlacement::plannedAt)
                        .thenComparing(Comparator.comparingInt(ReplicaPlacement::replica)
                                .reversed()))
                .map(newest -> new PlanStatus(
                        newest.plan(),
                        progress.summary(),
                        explanation(progress.placements()),
                        newest.secondsPerToken(),
                        newest.runnerUp(),
                        newest.plannedAt()))
                .orElse(null);
    }

    private static String explanation(List<ReplicaPlacement> placements) {
        return placements.size() == 1
                ? placements.getFirst().explanation()
                : placements.stream()
                        .map(placement -> "replica %d, plan %s\n%s"
                                .formatted(placement.replica(), placement.plan(), placement.explanation()))
                        .collect(Collectors.joining("\n"));
    }
}
