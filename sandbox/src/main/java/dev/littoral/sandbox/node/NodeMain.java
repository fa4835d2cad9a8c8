package dev.littoral.sandbox.node;

import dev.littoral.sandbox.process.Arguments;
import dev.littoral.sandbox.process.Parent;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.util.concurrent.CountDownLatch;

/**
 * Runs one emulated node against the API server of a kubeconfig: registers it, keeps its lease, and runs the pods that
 * are bound to it. Its arguments are those of {@link NodeSettings}, and {@code --kubeconfig FILE}.
 */
public final class NodeMain {

    private NodeMain() {}

    /** Runs the node until it is told to end. */
    public static void main(String[] args) throws InterruptedException {
        Arguments arguments = Arguments.parse(args);
        NodeSettings settings = NodeSettings.of(arguments);
        Config config = Config.fromKubeconfig(new File(arguments.required("kubeconfig")));
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            Pods pods = new Pods(client, settings);
            Runtime.getRuntime().addShutdownHook(new Thread(pods::stopAll));
            new Registration(client, settings).keep();
            pods.run();
            Parent.dieWithIt();
            System.out.println("node " + settings.name() + " is up");
            new CountDownLatch(1).await();
        }
    }
}
