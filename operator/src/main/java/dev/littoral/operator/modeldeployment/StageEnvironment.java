package dev.littoral.operator.modeldeployment;

import static dev.littoral.operator.modeldeployment.AgentEnvironment.value;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.modeldeployment.Demand.DemandedVariant;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.settings.OperatorSettings.Agent;
import io.fabric8.kubernetes.api.model.EnvVar;
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
        List<EnvVar> environment = new ArrayList<>(AgentEnvironment.identity(owner, placement));
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
        AgentEnvironment.brokers(settings).ifPresent(environment::add);
        return environment;
    }
}
