package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.crds.PoolToleration;
import dev.littoral.operator.languagemodel.Place;
import dev.littoral.operator.modeldeployment.Demand.DemandedVariant;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.settings.OperatorSettings.Agent;
import dev.littoral.operator.settings.OperatorSettings.Source;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Spells the pod of one stage. */
record StagePod(Agent settings, Source sources) {

    /** Port on which every agent answers gRPC. */
    static final int GRPC_PORT = 9090;

    private static final int HTTP_PORT = 8080;
    private static final String PEERS = "/etc/littoral/peers";

    /** Gives the pod as server-side apply is sent it. */
    Pod of(ModelDeployment owner, Demand demand, ReplicaPlacement placement, PlacedStage stage, Candidate node) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(stage.pod())
                .withNamespace(owner.getMetadata().getNamespace())
                .withLabels(
                        Labels.of(owner.getMetadata().getName(), placement.plan(), placement.replica(), stage.index()))
                .withOwnerReferences(reference(owner))
                .endMetadata()
                .withNewSpec()
                .withNodeName(stage.node())
                .withRestartPolicy("Always")
                .withTerminationGracePeriodSeconds(settings.drain().toSeconds())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withNewSecurityContext()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withTolerations(node.member().tolerations().stream()
                        .map(StagePod::toleration)
                        .toList())
                .withContainers(container(owner, demand, placement, stage, node))
                .withVolumes(volumes(demand))
                .endSpec()
                .build();
    }

    /** Owned, so that a deleted deployment leaves no pod behind. */
    private static OwnerReference reference(ModelDeployment owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    private static Toleration toleration(PoolToleration toleration) {
        return new TolerationBuilder()
                .withKey(toleration.key())
                .withOperator(toleration.operator())
                .withValue(toleration.value())
                .withEffect(toleration.effect())
                .build();
    }

    private Container container(
            ModelDeployment owner, Demand demand, ReplicaPlacement placement, PlacedStage stage, Candidate node) {
        DemandedVariant variant = demand.variant(placement.variant());
        Map<String, Quantity> memory = Map.of("memory", new Quantity(String.valueOf(stage.totalBytes())));
        return new ContainerBuilder()
                .withName("agent")
                .withImage(settings.image())
                .withImagePullPolicy("IfNotPresent")
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withCommand(settings.command().orElse(List.of()))
                .withEnv(new StageEnvironment(settings, sources).of(owner, demand, variant, placement, stage, node))
                .addNewPort()
                .withName("grpc")
                .withContainerPort(GRPC_PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName("http")
                .withContainerPort(HTTP_PORT)
                .withProtocol("TCP")
                .endPort()
                .withNewResources()
                .withRequests(memory)
                .withLimits(memory)
                .endResources()
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath("/q/health/ready")
                .withNewPort("http")
                .endHttpGet()
                .withPeriodSeconds(1)
                .withTimeoutSeconds(2)
                .withFailureThreshold(3)
                .endReadinessProbe()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .addToVolumeMounts(checkpointMount(demand.place()))
                .addNewVolumeMount()
                .withName("cache")
                .withMountPath(settings.cache())
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("peers")
                .withMountPath(PEERS)
                .withReadOnly(true)
                .endVolumeMount()
                .build();
    }

    private List<Volume> volumes(Demand demand) {
        Volume cache = new VolumeBuilder()
                .withName("cache")
                .withNewHostPath()
                .withPath(settings.cache())
                .withType("DirectoryOrCreate")
                .endHostPath()
                .build();
        Volume peers = new VolumeBuilder()
                .withName("peers")
                .withNewDownwardAPI()
                .addNewItem()
                .withPath("next")
                .withNewFieldRef()
                .withFieldPath("metadata.annotations['" + Labels.NEXT + "']")
                .endFieldRef()
                .endItem()
                .endDownwardAPI()
                .build();
        return List.of(checkpointVolume(demand.place()), cache, peers);
    }

    private VolumeMount checkpointMount(Place place) {
        VolumeMountBuilder mount = new VolumeMountBuilder().withName("checkpoint");
        return switch (place) {
            case Place.OnNode(Path folder) ->
                mount.withMountPath(folder.toString()).withReadOnly(true).build();
            case Place.InClaim claim ->
                mount.withMountPath(StageEnvironment.CLAIM).withReadOnly(true).build();
            case Place.Downloaded downloaded -> mount.withMountPath(settings.checkpoints()).build();
        };
    }

    private Volume checkpointVolume(Place place) {
        VolumeBuilder volume = new VolumeBuilder().withName("checkpoint");
        return switch (place) {
            case Place.OnNode(Path folder) ->
                volume.withNewHostPath()
                        .withPath(folder.toString())
                        .withType("Directory")
                        .endHostPath()
                        .build();
            case Place.InClaim claim ->
                volume.withNewPersistentVolumeClaim()
                        .withClaimName(claim.claim())
                        .withReadOnly(true)
                        .endPersistentVolumeClaim()
                        .build();
            case Place.Downloaded downloaded ->
                volume.withNewHostPath()
                        .withPath(settings.checkpoints())
                        .withType("DirectoryOrCreate")
                        .endHostPath()
                        .build();
        };
    }

    /** Names the folder in which an agent finds the file {@code next}. */
    static String peers() {
        return PEERS;
    }
}
