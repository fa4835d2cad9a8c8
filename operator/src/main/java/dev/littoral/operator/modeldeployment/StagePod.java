package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.languagemodel.Place;
import dev.littoral.operator.modeldeployment.Demand.DemandedVariant;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.settings.OperatorSettings.Agent;
import dev.littoral.operator.settings.OperatorSettings.Source;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Path;
import java.util.List;

/** Spells the pod of one stage. */
record StagePod(Agent settings, Source sources) {

    private static final String PEERS = "/etc/littoral/peers";

    /** Gives the pod as server-side apply is sent it. */
    Pod of(ModelDeployment owner, Demand demand, ReplicaPlacement placement, PlacedStage stage, Candidate node) {
        DemandedVariant variant = demand.variant(placement.variant());
        List<EnvVar> environment =
                new StageEnvironment(settings, sources).of(owner, demand, variant, placement, stage, node);
        return new PodBuilder(new AgentPod(settings).of(owner, placement, stage, node, environment))
                .editSpec()
                .editFirstContainer()
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
                .endContainer()
                .withVolumes(volumes(demand))
                .withImagePullSecrets(pullSecrets(demand.place()))
                .endSpec()
                .build();
    }

    private static List<LocalObjectReference> pullSecrets(Place place) {
        return place instanceof Place.InImage image
                ? image.pullSecretName().stream().map(LocalObjectReference::new).toList()
                : List.of();
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
            case Place.InImage image ->
                mount.withMountPath(StageEnvironment.IMAGE).withReadOnly(true).build();
            case Place.Downloaded downloaded ->
                mount.withMountPath(settings.checkpoints()).build();
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
            case Place.InImage image ->
                volume.withNewImage()
                        .withReference(image.image())
                        .withPullPolicy("IfNotPresent")
                        .endImage()
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
