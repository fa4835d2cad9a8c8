package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.DevicePool;
import dev.littoral.crds.LanguageModel;
import dev.littoral.crds.ModelDeployment;
import dev.littoral.crds.ModelDeploymentSpec;
import dev.littoral.crds.QuantizationVariant;
import dev.littoral.operator.cluster.ClusterView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says what makes a deployment be looked at again: what it names, its pods, and every node. */
public final class DeploymentTriggers {

    private final ClusterView cluster;

    /** Listens to {@code cluster}. */
    public DeploymentTriggers(ClusterView cluster) {
        this.cluster = cluster;
    }

    List<EventSource<?, ModelDeployment>> of(EventSourceContext<ModelDeployment> context) {
        var changes = new SimpleInboundEventSource<ModelDeployment>("nodes-and-pods");
        cluster.whenNodesChange(() -> context.getPrimaryCache()
                .list(deployment -> true)
                .map(ResourceID::fromResource)
                .forEach(changes::propagateEvent));
        cluster.whenPodsChange(pod -> owner(pod).forEach(changes::propagateEvent));
        return List.of(
                changes,
                named(
                        LanguageModel.class,
                        spec -> Optional.ofNullable(spec.model()).stream().toList(),
                        context),
                named(QuantizationVariant.class, ModelDeploymentSpec::variants, context),
                named(DevicePool.class, ModelDeploymentSpec::pools, context));
    }

    private static List<ResourceID> owner(Pod pod) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        return labels != null
                        && labels.containsKey(Labels.DEPLOYMENT)
                        && Labels.OPERATOR.equals(labels.get(Labels.MANAGED_BY))
                ? List.of(new ResourceID(
                        labels.get(Labels.DEPLOYMENT), pod.getMetadata().getNamespace()))
                : List.of();
    }

    private static <R extends HasMetadata> EventSource<?, ModelDeployment> named(
            Class<R> kind,
            Function<ModelDeploymentSpec, List<String>> names,
            EventSourceContext<ModelDeployment> context) {
        var configuration = InformerEventSourceConfiguration.from(kind, ModelDeployment.class)
                .withSecondaryToPrimaryMapper(resource -> context.getPrimaryCache()
                        .list(deployment -> ids(deployment, names).contains(ResourceID.fromResource(resource)))
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet()))
                .withPrimaryToSecondaryMapper((ModelDeployment deployment) -> ids(deployment, names))
                .build();
        return new InformerEventSource<>(configuration, context);
    }

    private static Set<ResourceID> ids(ModelDeployment deployment, Function<ModelDeploymentSpec, List<String>> names) {
        return names.apply(deployment.getSpec()).stream()
                .map(name -> new ResourceID(name, deployment.getMetadata().getNamespace()))
                .collect(Collectors.toSet());
    }
}
