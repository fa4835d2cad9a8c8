package dev.littoral.sandbox.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Follows the pods that are bound to this node and keeps one {@link RunningPod} for each. */
final class Pods implements ResourceEventHandler<Pod> {

    private final KubernetesClient client;
    private final NodeSettings settings;
    private final Map<String, RunningPod> running = new ConcurrentHashMap<>();

    Pods(KubernetesClient client, NodeSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Starts to follow; returns once the pods that are there already have been seen. */
    void run() {
        client.pods()
                .inAnyNamespace()
                .withField("spec.nodeName", settings.name())
                .inform(this);
    }

    /** Ends all pods' processes, as a node does that shuts down. */
    void stopAll() {
        running.values().forEach(RunningPod::kill);
    }

    @Override
    public synchronized void onAdd(Pod pod) {
        if (!running.containsKey(uid(pod))) {
            start(pod);
        }
        onUpdate(pod, pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        RunningPod known = running.get(uid(pod));
        if (known != null) {
            known.seen(pod);
        }
    }

    @Override
    public synchronized void onDelete(Pod pod, boolean finalStateUnknown) {
        RunningPod known = running.remove(uid(pod));
        if (known != null) {
            known.kill();
        }
    }

    private void start(Pod pod) {
        PodStatusReport report = new PodStatusReport(client, pod);
        long taken =
                running.values().stream().mapToLong(RunningPod::memoryBytes).sum();
        long free = settings.memoryBytes() - taken;
        long wanted = RunningPod.memoryBytes(pod);
        if (wanted > free) {
            report.refused("OutOfmemory", "the pod asks for %d bytes, %d are free".formatted(wanted, free));
            return;
        }
        RunningPod started = new RunningPod(client, settings.data(), pod, freeAddress(), report);
        running.put(uid(pod), started);
        Thread.ofVirtual().name(pod.getMetadata().getName()).start(started);
    }

    private String freeAddress() {
        TreeSet<String> used =
                running.values().stream().map(RunningPod::address).collect(Collectors.toCollection(TreeSet::new));
        return IntStream.range(2, 255)
                .mapToObj(last -> settings.addressPrefix() + "." + last)
                .filter(address -> !used.contains(address))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the node has no address left"));
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
