package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.modeldeployment.Demand.DemandedVariant;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.settings.OperatorSettings.Agent;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.List;

/** Spells the pod of one stage. */
record StagePod(Agent settings) {

    private static final String PEERS = "/etc/littoral/peers";

    /** Gives the pod as server-side apply is sent it. */
    Pod of(ModelDeployment owner, Demand demand, ReplicaPlacement placement, PlacedStage stage, Candidate node) {
        DemandedVariant variant = demand.variant(placement.variant());
        List<EnvVar> environment = new StageEnvironment(settings).of(owner, demand, variant, placement, stage, node);
        return new PodBuilder(new AgentPod(settings).of(owner, placement, stage, node, environment))
                .editSpec()
                .editFirstContainer()
                .addNewVolumeMount()
                .withName("checkpoint")
                .withMountPath(demand.folder().toString())
                .withReadOnly(true)
                .endVolumeMount()
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
                .endSpec()
                .build();
    }

    private List<Volume> volumes(Demand demand) {
        Volume checkpoint = new VolumeBuilder()
                .withName("checkpoint")
                .withNewHostPath()
                .withPath(demand.folder().toString())
                .withType("Directory")
                .endHostPath()
                .build();
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
        return List.of(checkpoint, cache, peers);
    }

    /** Names the folder in which an agent finds the file {@code next}. */
    static String peers() {
        return PEERS;
    }
}
