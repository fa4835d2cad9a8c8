package dev.littoral.operator.devicepool;

import dev.littoral.crds.Condition;
import dev.littoral.crds.DevicePool;
import dev.littoral.crds.DevicePoolStatus;
import dev.littoral.operator.cluster.ClusterView;
import dev.littoral.operator.cluster.NodeFacts;
import dev.littoral.operator.cluster.PodMemory;
import dev.littoral.operator.cluster.PoolMember;
import dev.littoral.operator.cluster.PoolMembers;
import dev.littoral.operator.settings.OperatorSettings;
import dev.littoral.operator.status.Conditions;
import dev.littoral.operator.status.Events;
import dev.littoral.operator.status.Patches;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Lists the nodes of a pool: at once when a node changes, from time to time for their free memory. */
@ControllerConfiguration(name = "devicepool")
public class DevicePoolReconciler implements Reconciler<DevicePool> {

    private final ClusterView cluster;
    private final PoolMembers poolMembers;
    private final PoolStatuses statuses;
    private final Events events;
    private final OperatorSettings settings;

    DevicePoolReconciler(
            ClusterView cluster,
            PoolMembers poolMembers,
            PoolStatuses statuses,
            Events events,
            OperatorSettings settings) {
        this.cluster = cluster;
        this.poolMembers = poolMembers;
        this.statuses = statuses;
        this.events = events;
        this.settings = settings;
    }

    @Override
    public List<EventSource<?, DevicePool>> prepareEventSources(EventSourceContext<DevicePool> context) {
        var nodeChanges = new SimpleInboundEventSource<DevicePool>("nodes");
        cluster.whenNodesChange(() -> context.getPrimaryCache()
                .list(pool -> true)
                .map(ResourceID::fromResource)
                .forEach(nodeChanges::propagateEvent));
        return List.of(nodeChanges);
    }

    @Override
    public UpdateControl<DevicePool> reconcile(DevicePool pool, Context<DevicePool> context) {
        List<Condition> before = Optional.ofNullable(pool.getStatus())
                .map(DevicePoolStatus::conditions)
                .orElse(List.of());
        List<PoolMember> members = poolMembers.of(
                pool.getSpec(), cluster.nodes().stream().map(NodeFacts::of).toList());
        events.changed(pool, before, Conditions.READY, PoolStatuses.verdict(pool.getSpec(), members));
        DevicePoolStatus next = statuses.status(
                pool.getMetadata().getGeneration(), before, pool.getSpec(), members, heldBytes(cluster.pods()));
        return Patches.status(pool, next, DevicePool::new)
                .rescheduleAfter(settings.placement().poolRefresh());
    }

    private static Map<String, Long> heldBytes(List<Pod> pods) {
        return pods.stream()
                .filter(pod -> PodMemory.nodeOf(pod).isPresent())
                .collect(Collectors.groupingBy(
                        pod -> PodMemory.nodeOf(pod).orElseThrow(), Collectors.summingLong(PodMemory::heldBytes)));
    }
}
