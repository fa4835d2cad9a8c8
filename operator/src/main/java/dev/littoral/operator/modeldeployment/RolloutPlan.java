package dev.littoral.operator.modeldeployment;

import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.modeldeployment.Rollout.Creation;
import dev.littoral.operator.modeldeployment.Rollout.Deletion;
import dev.littoral.operator.modeldeployment.Rollout.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Works out a rollout: a replica's new pods come up beside its old ones where memory allows, else the old ones go first.
 * One use per rollout.
 */
final class RolloutPlan {

    private final Decision decision;
    private final Map<String, PodFacts> pods;
    private final Map<String, Long> unheldBytes;
    private final Set<String> lostNodes;
    private final Instant now;
    private final Duration retryAfter;
    private final List<Creation> creations = new ArrayList<>();
    private final List<String> waiting = new ArrayList<>();
    private final Set<String> shortOfMemory = new HashSet<>();

    /**
     * Prepares a rollout.
     *
     * @param pods of the deployment, of old plans too
     * @param nodes of the deployment's pools
     * @param retryAfter how long a refused pod stays before it is made again
     */
    RolloutPlan(Decision decision, List<PodFacts> pods, List<Candidate> nodes, Instant now, Duration retryAfter) {
        this.decision = decision;
        this.pods = pods.stream().collect(Collectors.toMap(PodFacts::name, Function.identity()));
        this.unheldBytes =
                new HashMap<>(nodes.stream().collect(Collectors.toMap(Candidate::name, Candidate::unheldBytes)));
        this.lostNodes = nodes.stream()
                .filter(node -> !node.alive())
                .map(Candidate::name)
                .collect(Collectors.toSet());
        this.now = now;
        this.retryAfter = retryAfter;
    }

    Rollout work() {
        for (ReplicaPlacement placement : decision.placements()) {
            if (!decision.outdated().contains(placement.replica())) {
                placement.stages().forEach(stage -> create(placement, stage));
            }
        }
        return new Rollout(creations, deletions(), links(), waiting);
    }

    private void create(ReplicaPlacement placement, PlacedStage stage) {
        if (pods.containsKey(stage.pod())) {
            return;
        }
        long unheld = unheldBytes.getOrDefault(stage.node(), 0L);
        if (unheld >= stage.totalBytes()) {
            unheldBytes.put(stage.node(), unheld - stage.totalBytes());
            creations.add(new Creation(placement, stage));
        } else {
            shortOfMemory.add(stage.node());
            waiting.add("stage %d of replica %d needs %d bytes on %s, where %d are not held by pods"
                    .formatted(stage.index(), placement.replica(), stage.totalBytes(), stage.node(), unheld));
        }
    }

    private List<Deletion> deletions() {
        Set<String> planned = decision.placements().stream()
                .flatMap(placement -> placement.stages().stream())
                .map(PlacedStage::pod)
                .collect(Collectors.toSet());
        Map<String, List<PodFacts>> old = pods.values().stream()
                .filter(pod -> !planned.contains(pod.name()))
                .collect(Collectors.groupingBy(pod -> pod.plan() + "/" + pod.replica()));
        List<Deletion> deletions = new ArrayList<>();
        old.values().forEach(group -> reasonToEnd(group).ifPresent(why -> end(group, why, deletions)));
        pods.values().stream()
                .filter(pod -> planned.contains(pod.name()) && !pod.terminating())
                .filter(pod -> pod.ended().isPresent()
                        && pod.created().plus(retryAfter).isBefore(now))
                .forEach(pod -> deletions.add(new Deletion(
                        pod, "it is made again, since it ended (" + pod.ended().orElse("") + ")")));
        return deletions;
    }

    private static void end(List<PodFacts> group, String why, List<Deletion> deletions) {
        group.stream().filter(pod -> !pod.terminating()).forEach(pod -> deletions.add(new Deletion(pod, why)));
    }

    /** Old pods of one replica live or end together: a part of a pipeline answers nobody. */
    private Optional<String> reasonToEnd(List<PodFacts> group) {
        PodFacts any = group.getFirst();
        Optional<ReplicaPlacement> successor = decision.placements().stream()
                .filter(placement -> placement.replica() == any.replica())
                .findFirst();
        if (successor.isEmpty()) {
            return Optional.of("no plan has replica " + any.replica() + " any more");
        }
        if (group.stream().anyMatch(pod -> lostNodes.contains(pod.node()))) {
            return Optional.of("a node of its plan is lost");
        }
        if (!group.stream().allMatch(pod -> pod.ready() && !pod.terminating())) {
            return Optional.of("plan %s replaces its plan %s, which answers nobody"
                    .formatted(successor.get().plan(), any.plan()));
        }
        if (group.stream().anyMatch(pod -> shortOfMemory.contains(pod.node()))) {
            return Optional.of(
                    "plan %s needs its memory".formatted(successor.get().plan()));
        }
        boolean succeeded = successor.get().stages().stream()
                .allMatch(stage -> Optional.ofNullable(pods.get(stage.pod()))
                        .filter(PodFacts::ready)
                        .isPresent());
        return succeeded
                ? Optional.of("plan %s is ready in its place"
                        .formatted(successor.get().plan()))
                : Optional.empty();
    }

    private List<Link> links() {
        List<Link> links = new ArrayList<>();
        for (ReplicaPlacement placement : decision.placements()) {
            List<PlacedStage> stages = placement.stages();
            for (int index = 0; index + 1 < stages.size(); index++) {
                PodFacts pod = pods.get(stages.get(index).pod());
                PodFacts next = pods.get(stages.get(index + 1).pod());
                if (pod == null
                        || next == null
                        || pod.terminating()
                        || next.ip().isEmpty()) {
                    continue;
                }
                String address = next.ip().get() + ":" + AgentPod.GRPC_PORT;
                if (!pod.next().equals(Optional.of(address))) {
                    links.add(new Link(pod, address));
                }
            }
        }
        return links;
    }
}
