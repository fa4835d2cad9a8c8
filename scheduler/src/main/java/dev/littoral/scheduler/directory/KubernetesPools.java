package dev.littoral.scheduler.directory;

import dev.littoral.crds.DevicePool;
import dev.littoral.crds.DevicePoolSpec;
import dev.littoral.crds.DevicePoolStatus;
import dev.littoral.crds.PoolNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Follows the DevicePools of a cluster; while its API server is away, what was last seen stays. */
public final class KubernetesPools implements PoolDirectory, AutoCloseable {

    private static final DevicePoolSpec NO_BUDGET = new DevicePoolSpec(Map.of(), List.of(), null);

    private final SharedIndexInformer<DevicePool> informer;

    /** Starts to follow; does not wait for the API server. */
    public KubernetesPools(KubernetesClient client) {
        informer = client.resources(DevicePool.class).inAnyNamespace().runnableInformer(0);
        informer.exceptionHandler((started, failure) -> true);
        informer.start();
    }

    @Override
    public List<Pool> pools() {
        return informer.getStore().list().stream()
                .map(KubernetesPools::pool)
                .sorted(Comparator.comparing(Pool::key))
                .toList();
    }

    @Override
    public void close() {
        informer.close();
    }

    static Pool pool(DevicePool resource) {
        DevicePoolSpec spec = Optional.ofNullable(resource.getSpec()).orElse(NO_BUDGET);
        List<PoolNode> nodes = Optional.ofNullable(resource.getStatus())
                .map(DevicePoolStatus::nodes)
                .orElse(List.of());
        return new Pool(
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName(),
                Optional.ofNullable(spec.budgetWatts()).orElse(Double.POSITIVE_INFINITY),
                Optional.ofNullable(spec.moneyPerHour()).orElse(0.0),
                nodes.stream().collect(Collectors.toMap(PoolNode::name, KubernetesPools::watts, Math::max)));
    }

    private static double watts(PoolNode node) {
        return Optional.ofNullable(node.profile())
                .flatMap(profile -> Optional.ofNullable(profile.watts()))
                .orElse(0.0);
    }
}
