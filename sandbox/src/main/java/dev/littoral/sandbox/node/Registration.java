package dev.littoral.sandbox.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Makes the node known and keeps its lease, as a kubelet does. */
final class Registration {

    private static final int LEASE_SECONDS = 5;
    private static final int BEATS_PER_STATUS = 5;

    private final KubernetesClient client;
    private final NodeSettings settings;
    private final ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
    private final String readySince =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    private long beats;

    Registration(KubernetesClient client, NodeSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Registers the node and renews its lease every second from then on. */
    void keep() {
        renew();
        register();
        var _ = beat.scheduleAtFixedRate(this::beat, 1, 1, TimeUnit.SECONDS);
    }

    private void beat() {
        try {
            renew();
            if (++beats % BEATS_PER_STATUS == 0) {
                register();
            }
        } catch (KubernetesClientException e) {
            System.out.println("cannot renew the lease: " + e.getMessage());
        }
    }

    private void register() {
        Node wanted = node();
        client.nodes()
                .resource(wanted)
                .forceConflicts()
                .fieldManager("littoral-node")
                .serverSideApply();
        client.nodes().resource(wanted).subresource("status").patch(StatusPatch.APPLY);
    }

    private Node node() {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Map<String, Quantity> capacity = Map.of(
                "memory", new Quantity(String.valueOf(settings.memoryBytes())),
                "cpu", new Quantity(String.valueOf(settings.threads())),
                "pods", new Quantity("110"));
        return new NodeBuilder()
                .withNewMetadata()
                .withName(settings.name())
                .addToLabels("kubernetes.io/hostname", settings.name())
                .addToLabels("kubernetes.io/arch", "amd64".equals(arch()) ? "amd64" : "arm64")
                .addToLabels("littoral.dev/device", settings.device())
                .addToAnnotations("littoral.dev/profile", settings.profile())
                .addToAnnotations("sandbox.littoral.dev/emulated", "memory, threads and power are declared, not real")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withCapacity(capacity)
                .withAllocatable(capacity)
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("NodeReady")
                .withMessage("the emulated node takes pods")
                .withLastHeartbeatTime(now)
                .withLastTransitionTime(readySince)
                .endCondition()
                .addNewAddress("127.0.0.1", "InternalIP")
                .withNewNodeInfo()
                .withMachineID(settings.name())
                .withSystemUUID(settings.name())
                .withBootID(String.valueOf(ProcessHandle.current().pid()))
                .withArchitecture(arch())
                .withKernelVersion(System.getProperty("os.version"))
                .withOsImage(System.getProperty("os.name"))
                .withContainerRuntimeVersion("process://" + Runtime.version())
                .withKubeProxyVersion("")
                .withKubeletVersion("littoral-sandbox")
                .withOperatingSystem("linux")
                .endNodeInfo()
                .endStatus()
                .build();
    }

    private static String arch() {
        return "aarch64".equals(System.getProperty("os.arch")) ? "arm64" : "amd64";
    }

    private void renew() {
        Lease lease = new LeaseBuilder()
                .withNewMetadata()
                .withName(settings.name())
                .withNamespace("kube-node-lease")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(settings.name())
                .withLeaseDurationSeconds(LEASE_SECONDS)
                .withRenewTime(Instant.now().atZone(ZoneOffset.UTC))
                .endSpec()
                .build();
        client.resource(lease).forceConflicts().fieldManager("littoral-node").serverSideApply();
    }
}
