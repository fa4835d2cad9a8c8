package dev.littoral.operator.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.function.Consumer;

/** Nodes and pods of the whole cluster, as last seen. */
public interface ClusterView {

    /** Lists all nodes. */
    List<Node> nodes();

    /** Lists all pods of all namespaces. */
    List<Pod> pods();

    /** Calls back, from a thread that must not be held up, when a node came, went, or changed for planning. */
    void whenNodesChange(Runnable listener);

    /** Calls back, from a thread that must not be held up, when a pod came, went, or changed. */
    void whenPodsChange(Consumer<Pod> listener);
}
