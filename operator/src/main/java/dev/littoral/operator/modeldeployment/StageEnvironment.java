package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.modeldeployment.Demand.DemandedVariant;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.settings.OperatorSettings.Agent;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Spells the environment from which an agent takes its settings. */
record StageEnvironment(Agent settings) {

    List<EnvVar> of(
            ModelDeployment owner,
            Demand demand,
            DemandedVariant variant,
            ReplicaPlacement placement,
            PlacedStage stage,
            Candidate node) {
        String name = owner.getMetadata().getName();
        List<EnvVar> environment = new ArrayList<>();
        environment.add(field("LITTORAL_POD", "metadata.name"));
        environment.add(field("LITTORAL_NODE", "spec.nodeName"));
        environment.add(field("LITTORAL_BIND", "status.podIP"));
        environment.add(value("LITTORAL_DEPLOYMENT", owner.getMetadata().getNamespace() + "/" + name));
        environment.add(value("LITTORAL_PLAN", placement.plan()));
        environment.add(value("LITTORAL_MODEL", name));
        environment.add(value("LITTORAL_CHECKPOINT", demand.folder()));
        environment.add(value("LITTORAL_STAGE_FIRST_LAYER", stage.firstLayer()));
        environment.add(value("LITTORAL_STAGE_END_LAYER", stage.endLayer()));
        environment.add(value(
                "LITTORAL_STAGE_BITS",
                stage.bits().stream().map(String::valueOf).collect(Collectors.joining(","))));
        environment.add(value("LITTORAL_STAGE_EDGE_BITS", variant.edgeBits()));
        environment.add(value("LITTORAL_STAGE_BLOCK_SIZE", variant.groupSize()));
        environment.add(value("LITTORAL_STAGE_CONTEXT_TOKENS", demand.contextTokens()));
        environment.add(value("LITTORAL_STAGE_SLOTS", demand.slots()));
        environment.add(value("LITTORAL_STAGE_THREADS", node.threads()));
        environment.add(value("LITTORAL_STAGE_CACHE", settings.cache()));
        environment.add(value("LITTORAL_PEERS", StagePod.peers()));
        // the runtime reports to its vendor unless told not to before it is loaded
        environment.add(value("ORT_DISABLE_TELEMETRY", 1));
        // weights are read once per token: on large pages that takes a tenth less time
        environment.add(value("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1"));
        settings.kafkaBootstrapServers()
                .ifPresent(servers -> environment.add(value("KAFKA_BOOTSTRAP_SERVERS", servers)));
        return environment;
    }

    private static EnvVar value(String name, Object value) {
        return new EnvVarBuilder().withName(name).withValue(value.toString()).build();
    }

    private static EnvVar field(String name, String path) {
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
