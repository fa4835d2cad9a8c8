package dev.littoral.operator.it;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Plays the kubelet of all nodes it made: pods start at once and become ready when they may; deleted ones end at once. */
final class FakeKubelet implements AutoCloseable {

    private final KubernetesClient client;
    private final SharedIndexInformer<Pod> pods;
    private final Set<String> nodes = ConcurrentHashMap.newKeySet();
    private final Map<String, String> addresses = new ConcurrentHashMap<>();
    private final AtomicInteger lastAddress = new AtomicInteger();
    private final List<String> story = new CopyOnWriteArrayList<>();
    private volatile Predicate<String> mayLoad = pod -> true;

    FakeKubelet(KubernetesClient client) {
        this.client = client;
        this.pods = client.pods().inAnyNamespace().inform(new Handler());
    }

    /** Adds a node that is ready. */
    void node(String name, Map<String, String> labels, String memory) {
        nodes.add(name);
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
        client.nodes().resource(node).create();
        client.nodes()
                .withName(name)
                .edit(made ->
                        new NodeBuilder(made).editSpec().withTaints().endSpec().build());
        report(name, memory, "True");
    }

    /** Makes a node silent: its condition becomes Unknown and nothing on it is confirmed any more. */
    void lose(String name, String memory) {
        nodes.remove(name);
        report(name, memory, "Unknown");
    }

    private void report(String name, String memory, String ready) {
        client.nodes()
                .withName(name)
                .editStatus(node -> new NodeBuilder(node)
                        .withStatus(new NodeStatusBuilder()
                                .withAllocatable(Map.of(
                                        "memory",
                                        new Quantity(memory),
                                        "cpu",
                                        new Quantity("2"),
                                        "pods",
                                        new Quantity("50")))
                                .withConditions(new NodeConditionBuilder()
                                        .withType("Ready")
                                        .withStatus(ready)
                                        .withReason("Test")
                                        .withMessage("set by the test")
                                        .withLastHeartbeatTime("2026-01-01T00:00:00Z")
                                        .withLastTransitionTime("2026-01-01T00:00:00Z")
                                        .build())
                                .build())
                        .build());
    }

    /** Lets only those pods become ready whose name passes; looks at all pods again. */
    void loadOnly(Predicate<String> mayLoad) {
        this.mayLoad = mayLoad;
        pods.getStore().list().forEach(this::look);
    }

    /** Tells what happened to pods: {@code ready NAME} and {@code ended NAME}, in order. */
    List<String> story() {
        return story;
    }

    private void look(Pod pod) {
        String name = pod.getMetadata().getName();
        if (!nodes.contains(String.valueOf(pod.getSpec().getNodeName()))) {
            return;
        }
        try {
            if (pod.getMetadata().getDeletionTimestamp() != null) {
                client.pods().resource(pod).withGracePeriod(0).delete();
            } else {
                run(pod, name);
            }
        } catch (KubernetesClientException e) {
            // The pod changed or went meanwhile; the next event shows it as it is.
            story.add("refused " + name + " " + e.getCode());
        }
    }

    private void run(Pod pod, String name) {
        boolean ready = mayLoad.test(name);
        boolean isReady = pod.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
        if (pod.getStatus().getPodIP() != null && ready == isReady) {
            return;
        }
        String ip = addresses.computeIfAbsent(name, any -> "127.1.0." + lastAddress.incrementAndGet());
        client.pods().resource(pod).editStatus(seen -> {
            seen.setStatus(new PodStatusBuilder()
                    .withPhase("Running")
                    .withPodIP(ip)
                    .addNewPodIP()
                    .withIp(ip)
                    .endPodIP()
                    .withConditions(new PodConditionBuilder()
                            .withType("Ready")
                            .withStatus(ready ? "True" : "False")
                            .build())
                    .build());
            return seen;
        });
        if (ready) {
            story.add("ready " + name);
        }
    }

    @Override
    public void close() {
        pods.close();
    }

    private final class Handler implements ResourceEventHandler<Pod> {

        @Override
        public void onAdd(Pod pod) {
            look(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod after) {
            look(after);
        }

        @Override
        public void onDelete(Pod pod, boolean finalStateUnknown) {
            story.add("ended " + pod.getMetadata().getName());
        }
    }
}
