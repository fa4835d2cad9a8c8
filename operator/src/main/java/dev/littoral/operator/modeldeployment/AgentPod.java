package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.crds.PoolToleration;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.settings.OperatorSettings.Agent;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.List;
import java.util.Map;

/** Spells what the pods of all agents have in common; volumes come on top. */
record AgentPod(Agent settings) {

    /** Port on which every agent answers gRPC. */
    static final int GRPC_PORT = 9090;

    private static final int HTTP_PORT = 8080;

    /** Gives the pod as server-side apply is sent it. */
    Pod of(
            ModelDeployment owner,
            ReplicaPlacement placement,
            PlacedStage stage,
            Candidate node,
            List<EnvVar> environment) {
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
                        .map(AgentPod::toleration)
                        .toList())
                .withContainers(container(environment, stage.totalBytes()))
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

    private Container container(List<EnvVar> environment, long memoryBytes) {
        Map<String, Quantity> memory = Map.of("memory", new Quantity(String.valueOf(memoryBytes)));
        return new ContainerBuilder()
                .withName("agent")
                .withImage(settings.image())
                .withImagePullPolicy("IfNotPresent")
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withCommand(settings.command().orElse(List.of()))
                .withEnv(environment)
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
                .build();
    }
}
