package dev.littoral.operator.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Counts the memory that pods hold of their nodes, as the Kubernetes scheduler does. */
public final class PodMemory {

    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private PodMemory() {}

    /** Counts what a pod holds of its node: nothing once it has ended or before it has a node. */
    public static long heldBytes(Pod pod) {
        boolean ended = pod.getStatus() != null
                && ENDED.contains(String.valueOf(pod.getStatus().getPhase()));
        return ended || nodeOf(pod).isEmpty() ? 0 : requestedBytes(pod.getSpec());
    }

    /** Names the node that a pod is bound to. */
    public static Optional<String> nodeOf(Pod pod) {
        return Optional.ofNullable(pod.getSpec()).map(PodSpec::getNodeName);
    }

    /** Containers and sidecars run together; an ordinary init container runs beside the sidecars only. */
    private static long requestedBytes(PodSpec spec) {
        long together = spec.getContainers().stream()
                .mapToLong(PodMemory::requestedBytes)
                .sum();
        long sidecars = 0;
        long most = 0;
        for (Container init : spec.getInitContainers()) {
            if ("Always".equals(init.getRestartPolicy())) {
                sidecars += requestedBytes(init);
            } else {
                most = Math.max(most, sidecars + requestedBytes(init));
            }
        }
        return Math.max(together + sidecars, most) + bytes(spec.getOverhead());
    }

    private static long requestedBytes(Container container) {
        if (container.getResources() == null) {
            return 0;
        }
        return List.of(
                        nullable(container.getResources().getRequests()),
                        nullable(container.getResources().getLimits()))
                .stream()
                .filter(amounts -> amounts.containsKey("memory"))
                .mapToLong(PodMemory::bytes)
                .findFirst()
                .orElse(0);
    }

    private static Map<String, Quantity> nullable(Map<String, Quantity> amounts) {
        return amounts == null ? Map.of() : amounts;
    }

    private static long bytes(Map<String, Quantity> amounts) {
        Quantity memory = nullable(amounts).get("memory");
        return memory == null ? 0 : memory.getNumericalAmount().longValue();
    }
}
