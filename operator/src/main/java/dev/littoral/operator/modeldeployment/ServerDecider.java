package dev.littoral.operator.modeldeployment;

import dev.littoral.operator.modeldeployment.Decision.Change;
import dev.littoral.operator.modeldeployment.Decision.Refusal;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gives every node of the pools one agent that forwards to the node's server. There is nothing to weigh: an agent needs
 * its own memory only, and what the server needs is not ours to plan. One use per decision.
 */
final class ServerDecider {

    private final String deployment;
    private final ServerDemand demand;
    private final List<Candidate> candidates;
    private final long agentBytes;
    private final String now;
    private final Map<String, ReplicaPlacement> byNode = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<String> withoutRoom = new ArrayList<>();

    /**
     * Prepares a decision.
     *
     * @param deployment name of the deployment, with which its pods' names begin
     * @param candidates nodes of the deployment's pools
     * @param agentBytes memory of an agent
     * @param now RFC 3339, also tells apart two plans that are otherwise alike
     */
    ServerDecider(String deployment, ServerDemand demand, List<Candidate> candidates, long agentBytes, String now) {
        this.deployment = deployment;
        this.demand = demand;
        this.candidates = candidates.stream()
                .sorted(Comparator.comparing(Candidate::name))
                .toList();
        this.agentBytes = agentBytes;
        this.now = now;
    }

    /** Decides for all nodes when {@code wanted}, for none else, with the plans in force so far. */
    Decision decide(boolean wanted, List<ReplicaPlacement> current) {
        if (!wanted) {
            return new Decision(List.of(), Set.of(), Optional.empty(), List.of());
        }
        Map<String, ReplicaPlacement> before = current.stream()
                .filter(placement -> placement.stages().size() == 1)
                .collect(Collectors.toMap(
                        placement -> placement.stages().getFirst().node(),
                        placement -> placement,
                        (first, second) -> first,
                        HashMap::new));
        Map<String, Integer> replicas = replicas(before);
        for (Candidate node : candidates) {
            place(node, replicas, Optional.ofNullable(before.get(node.name())));
        }
        List<ReplicaPlacement> placements = byNode.values().stream()
                .sorted(Comparator.comparingInt(ReplicaPlacement::replica))
                .toList();
        return new Decision(placements, Set.of(), refusal(), changes);
    }

    /** A node keeps its number; a new one takes the least that is free. */
    private Map<String, Integer> replicas(Map<String, ReplicaPlacement> before) {
        Map<String, Integer> replicas = new HashMap<>();
        for (Candidate node : candidates) {
            Optional.ofNullable(before.get(node.name()))
                    .ifPresent(placement -> replicas.put(node.name(), placement.replica()));
        }
        for (Candidate node : candidates) {
            if (!replicas.containsKey(node.name())) {
                replicas.put(
                        node.name(),
                        IntStream.iterate(0, number -> number + 1)
                                .filter(number -> !replicas.containsValue(number))
                                .findFirst()
                                .orElseThrow());
            }
        }
        return replicas;
    }

    private void place(Candidate node, Map<String, Integer> replicas, Optional<ReplicaPlacement> before) {
        boolean kept =
                before.isPresent() && node.alive() && before.get().demand().equals(digest());
        if (kept) {
            byNode.put(node.name(), before.get());
        } else if (!node.placeable()) {
            before.ifPresent(old -> changes.add(new Change(
                    DeploymentEvent.PlanDropped,
                    "replica %d: plan %s is given up, because %s: %s"
                            .formatted(
                                    old.replica(),
                                    old.plan(),
                                    node.name(),
                                    node.member().obstacle().orElse("it takes no agents")))));
        } else if (node.freeBytes() < agentBytes) {
            withoutRoom.add("%s lacks %d of the %d bytes of an agent"
                    .formatted(node.name(), agentBytes - node.freeBytes(), agentBytes));
        } else {
            ReplicaPlacement made = placement(node, replicas.getOrDefault(node.name(), 0));
            byNode.put(node.name(), made);
            changes.add(new Change(
                    before.isPresent() ? DeploymentEvent.PlanReplaced : DeploymentEvent.PlanMade,
                    "replica %d: plan %s (%s)".formatted(made.replica(), made.plan(), made.summary())));
        }
    }

    private Optional<Refusal> refusal() {
        if (!withoutRoom.isEmpty()) {
            return Optional.of(new Refusal(DeploymentReason.DoesNotFit, String.join("; ", withoutRoom)));
        }
        if (!byNode.isEmpty()) {
            return Optional.empty();
        }
        String obstacles = candidates.stream()
                .map(node -> node.name() + ": " + node.member().obstacle().orElse(""))
                .collect(Collectors.joining("; "));
        return Optional.of(new Refusal(
                DeploymentReason.NoNodes,
                candidates.isEmpty() ? "the pools select no node" : "no node can take agents: " + obstacles));
    }

    private ReplicaPlacement placement(Candidate node, int replica) {
        String id = Digests.of(String.join("|", deployment, now, node.name(), "" + replica), 6);
        String model = demand.server().model();
        var stage = new PlacedStage(
                0,
                "%s-%s-r%d-s0".formatted(deployment, id, replica),
                node.name(),
                0,
                0,
                List.of(),
                0,
                0,
                agentBytes,
                node.freeBytes());
        return new ReplicaPlacement(
                replica,
                id,
                model,
                digest(),
                "%s by the server at port %d of %s; %d bytes for the agent of %d free"
                        .formatted(model, demand.server().port(), node.name(), agentBytes, node.freeBytes()),
                0,
                null,
                now,
                List.of(stage));
    }

    private String digest() {
        return Digests.of(String.valueOf(demand), 16);
    }
}
