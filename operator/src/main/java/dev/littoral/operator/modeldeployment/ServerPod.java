package dev.littoral.operator.modeldeployment;

import static dev.littoral.operator.modeldeployment.AgentEnvironment.field;
import static dev.littoral.operator.modeldeployment.AgentEnvironment.value;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.crds.SecretKey;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.settings.OperatorSettings.Agent;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Spells the pod of an agent that forwards to the server of its node; it needs no volume. */
record ServerPod(Agent settings) {

    /** Gives the pod as server-side apply is sent it. */
    Pod of(ModelDeployment owner, ServerDemand demand, ReplicaPlacement placement, PlacedStage stage, Candidate node) {
        List<EnvVar> environment = new ArrayList<>(AgentEnvironment.identity(owner, placement));
        environment.add(value("LITTORAL_ENGINE", "openai"));
        environment.add(field("LITTORAL_HOST", "status.hostIP"));
        environment.add(value(
                "LITTORAL_OPENAI_URL",
                "http://$(LITTORAL_HOST):" + demand.server().port()));
        environment.add(value("LITTORAL_OPENAI_MODEL", literal(demand.server().model())));
        environment.add(value("LITTORAL_OPENAI_CONTEXT_TOKENS", demand.contextTokens()));
        environment.add(value("LITTORAL_OPENAI_SLOTS", demand.slots()));
        Optional.ofNullable(demand.server().apiKey()).ifPresent(key -> environment.add(secret(key)));
        AgentEnvironment.brokers(settings).ifPresent(environment::add);
        return new AgentPod(settings).of(owner, placement, stage, node, environment);
    }

    /** Keeps a kubelet from reading a reference to a variable into the user's text. */
    private static String literal(String text) {
        return text.replace("$", "$$");
    }

    private static EnvVar secret(SecretKey entry) {
        return new EnvVarBuilder()
                .withName("LITTORAL_OPENAI_API_KEY")
                .withNewValueFrom()
                .withNewSecretKeyRef(entry.key(), entry.name(), false)
                .endValueFrom()
                .build();
    }
}
