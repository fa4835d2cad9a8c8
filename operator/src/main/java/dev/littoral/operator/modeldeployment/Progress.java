package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.ModelDeploymentSpec;
import dev.littoral.operator.modeldeployment.Decision.Refusal;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.status.Conditions;
import dev.littoral.operator.status.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a deployment is.
 *
 * @param placements the plans in force
 * @param refusal why there is no plan for all replicas
 * @param waiting stages that wait for memory
 * @param pods of the deployment, by name
 */
record Progress(
        List<ReplicaPlacement> placements,
        Optional<Refusal> refusal,
        List<String> waiting,
        Map<String, PodFacts> pods) {

    static final String PLANNED = "Planned";
    static final String PLACED = "Placed";
    static final String LOADED = "Loaded";

    static Progress of(Decision decision, Rollout rollout, List<PodFacts> pods) {
        return new Progress(decision.placements(), decision.refusal(), rollout.waiting(), byName(pods));
    }

    /** The plans stay in force while a name in the spec leads nowhere. */
    static Progress of(Resolution.Incomplete incomplete, List<ReplicaPlacement> placements, List<PodFacts> pods) {
        return new Progress(
                placements,
                Optional.of(new Refusal(incomplete.reason(), incomplete.message())),
                List.of(),
                byName(pods));
    }

    private static Map<String, PodFacts> byName(List<PodFacts> pods) {
        return pods.stream().collect(Collectors.toMap(PodFacts::name, Function.identity()));
    }

    /** Counts the replicas that are wanted; where servers answer, there is one for each node that can have one. */
    int wanted(ModelDeploymentSpec spec) {
        return spec.server() == null || spec.replicas() == 0 ? spec.replicas() : Math.max(1, placements.size());
    }

    /** Judges the four conditions; Ready is true when the other three are, else it has the reason of the first that is not. */
    SequencedMap<String, Verdict> verdicts(int replicas) {
        SequencedMap<String, Verdict> verdicts = new LinkedHashMap<>();
        Verdict planned = planned(replicas);
        verdicts.put(PLANNED, planned);
        verdicts.put(PLACED, placed(replicas));
        verdicts.put(LOADED, loaded(replicas));
        Verdict ready = replicas == 0 && planned.holds()
                ? Verdict.no(DeploymentReason.ScaledToZero, "no replica is wanted")
                : verdicts.values().stream()
                        .filter(verdict -> !verdict.holds())
                        .findFirst()
                        .orElseGet(() -> Verdict.yes(
                                DeploymentReason.Ready,
                                "%d of %d replicas answer".formatted(readyReplicas(), replicas)));
        verdicts.put(Conditions.READY, ready);
        return verdicts;
    }

    private Verdict planned(int replicas) {
        if (refusal.isPresent()) {
            return Verdict.no(refusal.get().reason(), refusal.get().message());
        }
        return replicas == 0
                ? Verdict.yes(DeploymentReason.ScaledToZero, "no replica is wanted")
                : Verdict.yes(DeploymentReason.Planned, summary());
    }

    private Verdict placed(int replicas) {
        if (placements.isEmpty()) {
            return replicas == 0
                    ? Verdict.yes(DeploymentReason.ScaledToZero, "no replica is wanted")
                    : Verdict.no(DeploymentReason.NotPlanned, "there is no plan");
        }
        if (!waiting.isEmpty()) {
            return Verdict.no(DeploymentReason.WaitingForMemory, String.join("; ", waiting));
        }
        for (PlacedStage stage : stages().toList()) {
            Optional<PodFacts> pod = pod(stage);
            Optional<String> ended = pod.flatMap(PodFacts::ended);
            if (ended.isPresent()) {
                return Verdict.no(
                        DeploymentReason.PodRejected,
                        "pod %s on %s: %s".formatted(stage.pod(), stage.node(), ended.get()));
            }
            if (pod.filter(PodFacts::running).isEmpty()) {
                return pod.flatMap(PodFacts::failing)
                        .map(why -> Verdict.no(DeploymentReason.StageFailing, "pod %s: %s".formatted(stage.pod(), why)))
                        .orElseGet(() -> Verdict.no(
                                DeploymentReason.PodStarting,
                                "pod %s has not started on %s yet".formatted(stage.pod(), stage.node())));
            }
        }
        return Verdict.yes(DeploymentReason.Placed, "%d pods run".formatted(stages().count()));
    }

    private Verdict loaded(int replicas) {
        if (placements.isEmpty() && replicas == 0) {
            return Verdict.yes(DeploymentReason.ScaledToZero, "no replica is wanted");
        }
        if (!placed(replicas).holds()) {
            return Verdict.no(DeploymentReason.NotPlaced, "not every stage is placed");
        }
        for (PlacedStage stage : stages().toList()) {
            Optional<String> failing = pod(stage).flatMap(PodFacts::failing);
            if (failing.isPresent()) {
                return Verdict.no(DeploymentReason.StageFailing, "pod %s: %s".formatted(stage.pod(), failing.get()));
            }
        }
        List<String> loading = stages().filter(stage -> !ready(stage))
                .map(stage -> "pod %s on %s is not ready".formatted(stage.pod(), stage.node()))
                .toList();
        return loading.isEmpty()
                ? Verdict.yes(DeploymentReason.Loaded, "%d stages are loaded".formatted(stages().count()))
                : Verdict.no(DeploymentReason.Loading, String.join("; ", loading));
    }

    /** Says whether only a change of something else can change this. */
    boolean settled(int replicas) {
        return verdicts(replicas).values().stream()
                .noneMatch(verdict -> verdict.reason() == DeploymentReason.DoesNotFit
                        || verdict.reason() == DeploymentReason.WaitingForMemory
                        || verdict.reason() == DeploymentReason.PodRejected);
    }

    int readyReplicas() {
        return (int) placements.stream()
                .filter(placement -> placement.stages().stream().allMatch(this::ready))
                .count();
    }

    /** Says where every replica goes, in one line. */
    String summary() {
        return placements.stream().map(ReplicaPlacement::summary).collect(Collectors.joining("; "));
    }

    Optional<PodFacts> pod(PlacedStage stage) {
        return Optional.ofNullable(pods.get(stage.pod()));
    }

    private boolean ready(PlacedStage stage) {
        return pod(stage).filter(facts -> facts.ready() && !facts.terminating()).isPresent();
    }

    private Stream<PlacedStage> stages() {
        return placements.stream().flatMap(placement -> placement.stages().stream());
    }
}
