package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.DevicePool;
import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.cluster.ClusterView;
import dev.littoral.operator.cluster.NodeFacts;
import dev.littoral.operator.cluster.PodMemory;
import dev.littoral.operator.cluster.PoolMember;
import dev.littoral.operator.cluster.PoolMembers;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Takes a snapshot of the nodes and pods that matter to one deployment. */
final class Surroundings {

    private final ClusterView cluster;
    private final PoolMembers poolMembers;
    private final Reservations reservations;

    /** Looks at {@code cluster}, and at what is promised to other deployments. */
    Surroundings(ClusterView cluster, PoolMembers poolMembers, Reservations reservations) {
        this.cluster = cluster;
        this.poolMembers = poolMembers;
        this.reservations = reservations;
    }

    /** Lists the pods that belong to a deployment. */
    List<PodFacts> podsOf(ModelDeployment deployment) {
        return cluster.pods().stream()
                .filter(pod -> owns(deployment, pod))
                .map(PodFacts::of)
                .toList();
    }

    /**
     * Lists the nodes of the pools; a node in several pools is seen as the first of them sees it.
     *
     * @param deployments all that exist
     */
    List<Candidate> candidates(
            ModelDeployment deployment, List<DevicePool> pools, Collection<ModelDeployment> deployments) {
        List<NodeFacts> nodes = cluster.nodes().stream().map(NodeFacts::of).toList();
        Map<String, PoolMember> members = new LinkedHashMap<>();
        for (DevicePool pool : pools) {
            poolMembers
                    .of(pool.getSpec(), nodes)
                    .forEach(member -> members.putIfAbsent(member.facts().name(), member));
        }
        List<Pod> pods = cluster.pods();
        Map<String, Long> promised = reservations.bytesOfOthers(
                deployment,
                deployments,
                pods.stream()
                        .map(pod -> pod.getMetadata().getNamespace() + "/"
                                + pod.getMetadata().getName())
                        .collect(Collectors.toSet()));
        Map<String, Long> own = new HashMap<>();
        Map<String, Long> others = new HashMap<>();
        for (Pod pod : pods) {
            PodMemory.nodeOf(pod)
                    .ifPresent(node ->
                            (owns(deployment, pod) ? own : others).merge(node, PodMemory.heldBytes(pod), Long::sum));
        }
        return members.values().stream()
                .map(member -> {
                    String node = member.facts().name();
                    long free = member.facts().allocatableBytes()
                            - others.getOrDefault(node, 0L)
                            - promised.getOrDefault(node, 0L);
                    return new Candidate(member, Math.max(0, free), Math.max(0, free - own.getOrDefault(node, 0L)));
                })
                .toList();
    }

    private static boolean owns(ModelDeployment deployment, Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .map(OwnerReference::getUid)
                .anyMatch(deployment.getMetadata().getUid()::equals);
    }
}
