package dev.littoral.sandbox.node;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Writes a pod's status to the API server whenever what it says has changed. */
final class PodStatusReport {

    private final KubernetesClient client;
    private final Pod pod;
    private Optional<State> last = Optional.empty();
    private String readySince = now();

    PodStatusReport(KubernetesClient client, Pod pod) {
        this.client = client;
        this.pod = pod;
    }

    /** What the status tells. */
    record State(String address, boolean running, boolean ready, int restarts, String reason, String message) {}

    /** Writes the state if it is new; what cannot be written now is written with the next call. */
    void running(State state) {
        if (last.filter(state::equals).isPresent()) {
            return;
        }
        if (last.map(State::ready).filter(ready -> ready == state.ready()).isEmpty()) {
            readySince = now();
        }
        PodStatus status = new PodStatusBuilder()
                .withPhase("Running")
                .withPodIP(state.address())
                .withHostIP("127.0.0.1")
                .addNewCondition()
                .withType("Ready")
                .withStatus(state.ready() ? "True" : "False")
                .withReason(state.ready() ? null : "ContainersNotReady")
                .withLastTransitionTime(readySince)
                .endCondition()
                .addNewContainerStatus()
                .withName(pod.getSpec().getContainers().getFirst().getName())
                .withImage(pod.getSpec().getContainers().getFirst().getImage())
                .withImageID("process")
                .withReady(state.ready())
                .withStarted(state.running())
                .withRestartCount(state.restarts())
                .withState(containerState(state))
                .endContainerStatus()
                .build();
        if (write(status)) {
            last = Optional.of(state);
        }
    }

    /** Writes that the pod is not taken. */
    void refused(String reason, String message) {
        write(new PodStatusBuilder()
                .withPhase("Failed")
                .withReason(reason)
                .withMessage(message)
                .build());
    }

    /** Tells the API server that the pod's process has ended, so that the pod may go. */
    void gone() {
        try {
            client.resource(pod).withGracePeriod(0).delete();
        } catch (KubernetesClientException e) {
            System.out.println(pod.getMetadata().getName() + ": cannot confirm the end: " + e.getMessage());
        }
    }

    private static ContainerState containerState(State state) {
        return state.running()
                ? new ContainerStateBuilder()
                        .withNewRunning()
                        .withStartedAt(now())
                        .endRunning()
                        .build()
                : new ContainerStateBuilder()
                        .withNewWaiting(state.message(), state.reason())
                        .build();
    }

    private boolean write(PodStatus status) {
        Pod patch = new PodBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .endMetadata()
                .withStatus(status)
                .build();
        try {
            client.resource(patch).subresource("status").patch(StatusPatch.APPLY);
            return true;
        } catch (KubernetesClientException e) {
            System.out.println(pod.getMetadata().getName() + ": cannot write the status: " + e.getMessage());
            return false;
        }
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
