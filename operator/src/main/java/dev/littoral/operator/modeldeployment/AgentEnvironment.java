package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.settings.OperatorSettings.Agent;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.List;
import java.util.Optional;

/** Spells the settings that all agents have in common. */
final class AgentEnvironment {

    private AgentEnvironment() {}

    /** Says who the agent is and whom it serves. */
    static List<EnvVar> identity(ModelDeployment owner, ReplicaPlacement placement) {
        String name = owner.getMetadata().getName();
        return List.of(
                field("LITTORAL_POD", "metadata.name"),
                field("LITTORAL_NODE", "spec.nodeName"),
                field("LITTORAL_BIND", "status.podIP"),
                value("LITTORAL_DEPLOYMENT", owner.getMetadata().getNamespace() + "/" + name),
                value("LITTORAL_PLAN", placement.plan()),
                value("LITTORAL_MODEL", name));
    }

    /** Says where the agent reports to, if anywhere. */
    static Optional<EnvVar> brokers(Agent settings) {
        return settings.kafkaBootstrapServers().map(servers -> value("KAFKA_BOOTSTRAP_SERVERS", servers));
    }

    static EnvVar value(String name, Object value) {
        return new EnvVarBuilder().withName(name).withValue(value.toString()).build();
    }

    static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }
}
