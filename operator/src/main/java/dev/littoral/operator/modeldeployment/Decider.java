package dev.littoral.operator.modeldeployment;

import dev.littoral.algorithms.placement.Infeasible;
import dev.littoral.algorithms.placement.Node;
import dev.littoral.algorithms.placement.Plan;
import dev.littoral.algorithms.placement.PlanExplanation;
import dev.littoral.operator.modeldeployment.Decision.Change;
import dev.littoral.operator.modeldeployment.Decision.Refusal;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keeps every plan that is valid, and makes one for every replica that has none. One use per decision. */
final class Decider {

    private final String deployment;
    private final Demand demand;
    private final Map<String, Candidate> candidates;
    private final Planning planning;
    private final String now;
    private final Map<String, Long> takenBytes = new HashMap<>();
    private final Map<Integer, ReplicaPlacement> decided = new TreeMap<>();
    private final Set<Integer> outdated = new HashSet<>();
    private final List<Change> changes = new ArrayList<>();
    private Optional<Refusal> refusal = Optional.empty();

    /**
     * Prepares a decision.
     *
     * @param deployment name of the deployment, with which its pods' names begin
     * @param candidates nodes of the deployment's pools
     * @param now RFC 3339, also tells apart two plans that are otherwise alike
     */
    Decider(String deployment, Demand demand, List<Candidate> candidates, Planning planning, String now) {
        this.deployment = deployment;
        this.demand = demand;
        this.candidates = candidates.stream().collect(Collectors.toMap(Candidate::name, Function.identity()));
        this.planning = planning;
        this.now = now;
    }

    /** Decides for replicas 0 to {@code replicas - 1}, with the plans in force so far. */
    Decision decide(int replicas, List<ReplicaPlacement> current) {
        Map<Integer, ReplicaPlacement> before = current.stream()
                .filter(placement -> placement.replica() < replicas)
                .collect(Collectors.toMap(ReplicaPlacement::replica, Function.identity()));
        before.values().stream().filter(this::valid).forEach(this::keep);
        for (int replica = 0; replica < replicas; replica++) {
            if (!decided.containsKey(replica)) {
                plan(replica, Optional.ofNullable(before.get(replica)));
            }
        }
        return new Decision(List.copyOf(decided.values()), outdated, refusal, changes);
    }

    private boolean valid(ReplicaPlacement placement) {
        return lost(placement).isEmpty() && placement.demand().equals(digest(placement));
    }

    private void keep(ReplicaPlacement placement) {
        decided.put(placement.replica(), placement);
        placement.stages().forEach(stage -> takenBytes.merge(stage.node(), stage.totalBytes(), Long::sum));
    }

    private void plan(int replica, Optional<ReplicaPlacement> before) {
        List<Node> nodes = candidates.values().stream()
                .filter(Candidate::placeable)
                .map(candidate -> candidate.minus(takenBytes.getOrDefault(candidate.name(), 0L)))
                .sorted(Comparator.comparing(Node::name))
                .toList();
        switch (planning.plan(demand, nodes)) {
            case Plan plan -> {
                ReplicaPlacement placement = placement(replica, plan);
                keep(placement);
                changes.add(before.map(old -> new Change(
                                DeploymentEvent.PlanReplaced,
                                "replica %d: plan %s (%s) replaces %s, because %s"
                                        .formatted(
                                                replica, placement.plan(), placement.summary(), old.plan(), why(old))))
                        .orElseGet(() -> new Change(
                                DeploymentEvent.PlanMade,
                                "replica %d: plan %s (%s)".formatted(replica, placement.plan(), placement.summary()))));
            }
            case Infeasible none -> refuse(replica, none, before);
        }
    }

    /** A plan whose nodes live serves on, as long as the memory that it holds is not planned with. */
    private void refuse(int replica, Infeasible none, Optional<ReplicaPlacement> before) {
        boolean serves = before.isPresent() && lost(before.get()).isEmpty() && remains(before.get());
        if (serves) {
            keep(before.get());
            outdated.add(replica);
        } else {
            before.ifPresent(old -> changes.add(new Change(
                    DeploymentEvent.PlanDropped,
                    "replica %d: plan %s is given up, because %s, and nothing else fits"
                            .formatted(replica, old.plan(), why(old)))));
        }
        if (refusal.isEmpty()) {
            refusal = Optional.of(refusal(replica, none, serves ? "\nthe plan before serves on" : ""));
        }
    }

    private Refusal refusal(int replica, Infeasible none, String note) {
        if (candidates.values().stream().anyMatch(Candidate::placeable)) {
            return new Refusal(
                    DeploymentReason.DoesNotFit, "replica %d: %s%s".formatted(replica, PlanExplanation.of(none), note));
        }
        String obstacles = candidates.values().stream()
                .map(node -> node.name() + ": " + node.member().obstacle().orElse(""))
                .sorted()
                .collect(Collectors.joining("; "));
        return new Refusal(
                DeploymentReason.NoNodes,
                (candidates.isEmpty() ? "the pools select no node" : "no node can take agents: " + obstacles) + note);
    }

    private boolean remains(ReplicaPlacement placement) {
        return placement.stages().stream()
                .allMatch(stage -> Optional.ofNullable(candidates.get(stage.node()))
                        .map(node -> node.freeBytes() - takenBytes.getOrDefault(stage.node(), 0L))
                        .filter(free -> free >= stage.totalBytes())
                        .isPresent());
    }

    private String why(ReplicaPlacement old) {
        List<String> lost = lost(old);
        return lost.isEmpty() ? "something else is asked for, or a node's profile changed" : String.join(", ", lost);
    }

    private List<String> lost(ReplicaPlacement placement) {
        return placement.stages().stream()
                .map(PlacedStage::node)
                .distinct()
                .flatMap(node -> {
                    Candidate candidate = candidates.get(node);
                    if (candidate == null) {
                        return Stream.of("node %s is in none of the pools any more".formatted(node));
                    }
                    return candidate.alive() ? Stream.empty() : Stream.of("node %s is lost".formatted(node));
                })
                .toList();
    }

    private ReplicaPlacement placement(int replica, Plan plan) {
        String nodes = plan.stages().toString();
        String id = Digests.of(String.join("|", deployment, now, nodes, plan.variant(), "" + replica), 6);
        List<PlacedStage> stages = new ArrayList<>();
        for (var stage : plan.stages()) {
            int index = stages.size();
            stages.add(new PlacedStage(
                    index,
                    "%s-%s-r%d-s%d".formatted(deployment, id, replica, index),
                    stage.node(),
                    stage.firstLayer(),
                    stage.endLayer(),
                    stage.bits(),
                    stage.bytes().weights(),
                    stage.bytes().kv(),
                    stage.bytes().total(),
                    stage.freeBytes()));
        }
        return new ReplicaPlacement(
                replica,
                id,
                plan.variant(),
                digest(stages.stream().map(PlacedStage::node).toList()),
                PlanExplanation.of(plan),
                plan.secondsPerToken(),
                plan.runnerUp()
                        .map(second -> "%s: %s"
                                .formatted(
                                        second.plan().stages().stream()
                                                .map(s -> "%s[%d,%d)".formatted(s.node(), s.firstLayer(), s.endLayer()))
                                                .collect(Collectors.joining(
                                                        "+", second.plan().variant() + ": ", "")),
                                        second.defeat()))
                        .orElse(null),
                now,
                stages);
    }

    private String digest(ReplicaPlacement placement) {
        return digest(placement.stages().stream().map(PlacedStage::node).toList());
    }

    private String digest(List<String> nodes) {
        String profiles = nodes.stream()
                .map(node -> Optional.ofNullable(candidates.get(node))
                        .map(Candidate::profileKey)
                        .orElse(node))
                .collect(Collectors.joining(","));
        return Digests.of(demand + "|" + profiles, 16);
    }
}
