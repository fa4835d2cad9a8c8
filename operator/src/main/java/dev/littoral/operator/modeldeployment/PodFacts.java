package dev.littoral.operator.modeldeployment;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a rollout looks at in a pod of ours.
 *
 * @param name the pod's name
 * @param uid of the pod
 * @param plan of its stage
 * @param replica of its stage
 * @param node that it is bound to
 * @param created when it was made
 * @param terminating whether it was asked to end
 * @param running whether its node runs it and gave it an address
 * @param ready whether its stage is loaded and reaches its neighbours
 * @param ended why it ended for good; empty while it did not
 * @param failing how its container keeps ending; empty while it does not
 * @param ip its address, once it has one
 * @param next the annotation with the next stage's address
 */
record PodFacts(
        String name,
        String uid,
        String plan,
        int replica,
        String node,
        Instant created,
        boolean terminating,
        boolean running,
        boolean ready,
        Optional<String> ended,
        Optional<String> failing,
        Optional<String> ip,
        Optional<String> next) {

    static PodFacts of(Pod pod) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        Optional<PodStatus> status = Optional.ofNullable(pod.getStatus());
        Optional<String> ip = status.map(PodStatus::getPodIP).filter(address -> !address.isEmpty());
        return new PodFacts(
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                labels.getOrDefault(Labels.PLAN, ""),
                Integer.parseInt(labels.getOrDefault(Labels.REPLICA, "0")),
                Optional.ofNullable(pod.getSpec().getNodeName()).orElse(""),
                Instant.parse(pod.getMetadata().getCreationTimestamp()),
                pod.getMetadata().getDeletionTimestamp() != null,
                ip.isPresent()
                        && status.map(PodStatus::getPhase)
                                .filter("Running"::equals)
                                .isPresent(),
                status.stream()
                        .flatMap(s -> s.getConditions().stream())
                        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus())),
                status.filter(s -> "Failed".equals(s.getPhase()) || "Succeeded".equals(s.getPhase()))
                        .map(s -> "%s: %s"
                                .formatted(
                                        Optional.ofNullable(s.getReason()).orElse("it ended"),
                                        Optional.ofNullable(s.getMessage()).orElse("the node gave no message"))),
                status.stream()
                        .flatMap(s -> s.getContainerStatuses().stream())
                        .flatMap(container -> failing(container).stream())
                        .findFirst(),
                ip,
                Optional.ofNullable(pod.getMetadata().getAnnotations()).map(a -> a.get(Labels.NEXT)));
    }

    /** A container fails when it ended with an error, now or just before it was started again. */
    private static Optional<String> failing(ContainerStatus container) {
        if (Boolean.TRUE.equals(container.getReady())) {
            return Optional.empty();
        }
        Optional<String> waiting = Optional.ofNullable(container.getState())
                .map(ContainerState::getWaiting)
                .filter(w -> w.getReason() != null && !w.getReason().equals("ContainerCreating"))
                .map(w -> w.getReason()
                        + Optional.ofNullable(w.getMessage()).map(m -> ": " + m).orElse(""));
        Optional<String> ended = Optional.ofNullable(container.getLastState())
                .map(ContainerState::getTerminated)
                .or(() -> Optional.ofNullable(container.getState()).map(ContainerState::getTerminated))
                .filter(t -> t.getExitCode() != null && t.getExitCode() != 0)
                .map(t -> "it ended with status %d%s"
                        .formatted(
                                t.getExitCode(),
                                Optional.ofNullable(t.getMessage())
                                        .map(m -> ": " + m.strip())
                                        .orElse("")));
        return ended.or(() -> waiting).map(text -> "%s (%d restarts)".formatted(text, restarts(container)));
    }

    private static int restarts(ContainerStatus container) {
        return Optional.ofNullable(container.getRestartCount()).orElse(0);
    }
}
