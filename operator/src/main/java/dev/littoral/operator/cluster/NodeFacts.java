package dev.littoral.operator.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What planning looks at in a Node, so that two equal facts need no new plan.
 *
 * @param name the node's name
 * @param labels its labels
 * @param alive whether its kubelet reports that it is ready
 * @param cordoned whether new pods are kept off it
 * @param taints what keeps pods off that do not tolerate it
 * @param allocatableBytes memory that pods may request
 * @param cpus whole CPUs that pods may request, at least 1
 * @param declared what its annotation says
 */
public record NodeFacts(
        String name,
        Map<String, String> labels,
        boolean alive,
        boolean cordoned,
        List<Taint> taints,
        long allocatableBytes,
        int cpus,
        ProfileAnnotation declared) {

    /** Reads them off a Node; what the Node does not say counts as not there. */
    public static NodeFacts of(Node node) {
        Optional<NodeSpec> spec = Optional.ofNullable(node.getSpec());
        Optional<NodeStatus> status = Optional.ofNullable(node.getStatus());
        return new NodeFacts(
                node.getMetadata().getName(),
                copy(node.getMetadata().getLabels()),
                status.stream()
                        .flatMap(s -> s.getConditions().stream())
                        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus())),
                spec.map(NodeSpec::getUnschedulable).orElse(false),
                spec.map(NodeSpec::getTaints).map(List::copyOf).orElse(List.of()),
                amount(status, "memory").longValue(),
                Math.max(1, (int) amount(status, "cpu").doubleValue()),
                ProfileAnnotation.read(copy(node.getMetadata().getAnnotations()).get(ProfileAnnotation.KEY)));
    }

    private static Map<String, String> copy(Map<String, String> map) {
        return map == null ? Map.of() : Map.copyOf(map);
    }

    private static Number amount(Optional<NodeStatus> status, String resource) {
        return status.map(NodeStatus::getAllocatable)
                .map(allocatable -> allocatable.get(resource))
                .<Number>map(Quantity::getNumericalAmount)
                .orElse(0);
    }
}
