package dev.littoral.operator.cluster;

import dev.littoral.crds.DevicePoolSpec;
import dev.littoral.crds.DeviceProfile;
import dev.littoral.crds.PoolToleration;
import dev.littoral.operator.settings.OperatorSettings.AssumedProfile;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the nodes that a pool selects, and what each can do: first by the pool, then by the node, then by assumption. */
public final class PoolMembers {

    private final AssumedProfile assumed;

    /** Fills gaps in profiles from {@code assumed}. */
    public PoolMembers(AssumedProfile assumed) {
        this.assumed = assumed;
    }

    /** Lists the members of a pool by name. */
    public List<PoolMember> of(DevicePoolSpec pool, Collection<NodeFacts> nodes) {
        return nodes.stream()
                .filter(node ->
                        node.labels().entrySet().containsAll(pool.nodeSelector().entrySet()))
                .sorted(Comparator.comparing(NodeFacts::name))
                .map(node -> member(pool, node))
                .toList();
    }

    private PoolMember member(DevicePoolSpec pool, NodeFacts node) {
        DeviceProfile given = Optional.ofNullable(pool.profile())
                .orElse(ProfileAnnotation.EMPTY)
                .orElse(node.declared().profile());
        return new PoolMember(
                node, given.orElse(assumed(given, node)), complete(given), obstacle(pool, node), pool.tolerations());
    }

    private DeviceProfile assumed(DeviceProfile given, NodeFacts node) {
        int threads = given.threads() == null ? node.cpus() : given.threads();
        return new DeviceProfile(
                threads,
                threads * assumed.gflopsPerCpu(),
                assumed.memoryBandwidthBytesPerSecond(),
                null,
                assumed.linkBytesPerSecond(),
                assumed.linkLatencySeconds());
    }

    private static boolean complete(DeviceProfile given) {
        return Stream.of(
                        Optional.ofNullable(given.threads()),
                        Optional.ofNullable(given.gflops()),
                        Optional.ofNullable(given.memoryBandwidthBytesPerSecond()),
                        Optional.ofNullable(given.linkBytesPerSecond()),
                        Optional.ofNullable(given.linkLatencySeconds()))
                .allMatch(Optional::isPresent);
    }

    private static Optional<String> obstacle(DevicePoolSpec pool, NodeFacts node) {
        if (!node.alive()) {
            return Optional.of("the node does not report that it is ready");
        }
        if (node.cordoned()) {
            return Optional.of("the node is cordoned");
        }
        return node.taints().stream()
                .filter(taint -> !"PreferNoSchedule".equals(taint.getEffect()))
                .filter(taint -> pool.tolerations().stream().noneMatch(toleration -> tolerates(toleration, taint)))
                .map(taint -> "the pool does not tolerate the taint " + taint.getKey() + ":" + taint.getEffect())
                .findFirst();
    }

    private static boolean tolerates(PoolToleration toleration, Taint taint) {
        boolean effect = toleration.effect() == null || toleration.effect().equals(taint.getEffect());
        boolean key = toleration.key() == null || toleration.key().equals(taint.getKey());
        boolean value = "Exists".equals(toleration.operator())
                || Optional.ofNullable(toleration.value())
                        .orElse("")
                        .equals(Optional.ofNullable(taint.getValue()).orElse(""));
        return effect && key && value;
    }
}
