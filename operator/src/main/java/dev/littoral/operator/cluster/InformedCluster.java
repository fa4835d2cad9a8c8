package dev.littoral.operator.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Keeps one informer for nodes and one for pods, shared by all reconcilers. */
public final class InformedCluster implements ClusterView, AutoCloseable {

    private final List<Runnable> nodeListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Pod>> podListeners = new CopyOnWriteArrayList<>();
    private final SharedIndexInformer<Node> nodes;
    private final SharedIndexInformer<Pod> pods;

    /** Starts to watch; returns when everything has been listed once. */
    public InformedCluster(KubernetesClient client) {
        nodes = client.nodes().inform(new NodeHandler());
        pods = client.pods().inAnyNamespace().inform(new PodHandler());
    }

    @Override
    public List<Node> nodes() {
        return nodes.getStore().list();
    }

    @Override
    public List<Pod> pods() {
        return pods.getStore().list();
    }

    @Override
    public void whenNodesChange(Runnable listener) {
        nodeListeners.add(listener);
    }

    @Override
    public void whenPodsChange(Consumer<Pod> listener) {
        podListeners.add(listener);
    }

    @Override
    public void close() {
        nodes.close();
        pods.close();
    }

    private final class NodeHandler implements ResourceEventHandler<Node> {

        @Override
        public void onAdd(Node node) {
            nodeListeners.forEach(Runnable::run);
        }

        /** Nodes report that they live every few seconds; only what planning looks at counts. */
        @Override
        public void onUpdate(Node before, Node after) {
            if (!NodeFacts.of(before).equals(NodeFacts.of(after))) {
                nodeListeners.forEach(Runnable::run);
            }
        }

        @Override
        public void onDelete(Node node, boolean finalStateUnknown) {
            nodeListeners.forEach(Runnable::run);
        }
    }

    private final class PodHandler implements ResourceEventHandler<Pod> {

        @Override
        public void onAdd(Pod pod) {
            podListeners.forEach(listener -> listener.accept(pod));
        }

        @Override
        public void onUpdate(Pod before, Pod after) {
            podListeners.forEach(listener -> listener.accept(after));
        }

        @Override
        public void onDelete(Pod pod, boolean finalStateUnknown) {
            podListeners.forEach(listener -> listener.accept(pod));
        }
    }
}
