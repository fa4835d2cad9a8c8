package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.ListAs;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a deployment stands: its plan, its stages, and four conditions of which Ready sums up the other three. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelDeploymentStatus(
        @JsonPropertyDescription("Generation of the spec that this status was worked out from.") @Nullable
        Long observedGeneration,

        @ListAs(mapBy = "type")
        @JsonPropertyDescription(
                "Planned: there is a plan that fits. Placed: every stage's pod runs on its node. Loaded:"
                        + " every stage has its weights. Ready: all three, and at least one replica answers.")
        List<Condition> conditions,

        @JsonPropertyDescription("The plan in force: the newest of the replicas' plans, with all their explanations.")
        @Nullable
        PlanStatus plan,

        @ListAs(mapBy = "replica") @JsonPropertyDescription("The plan of each replica; one is kept while it is valid.")
        List<ReplicaPlan> replicaPlans,

        @ListAs(mapBy = {"replica", "index"}) @JsonPropertyDescription("Stages of the plan in force.")
        List<StageStatus> stages,

        @JsonPropertyDescription("Where requests are taken over HTTP.") @Nullable
        String url,

        @StatusReplicas @JsonPropertyDescription("Replicas that the plan in force has.") @Nullable
        Integer replicas,

        @JsonPropertyDescription("Replicas of which every stage is ready.") @Nullable
        Integer readyReplicas,

        @LabelSelector
        @JsonPropertyDescription("Labels of the pods that replicas are counted by, as a selector.")
        @Nullable
        String selector,

        @JsonPropertyDescription("Tokens generated per second over all replicas, as the scheduler last saw it.")
        @Nullable
        Double tokensPerSecond,

        @JsonPropertyDescription("Requests that wait, as the scheduler last saw it.") @Nullable
        Integer queue) {

    /** Turns absent lists into empty ones. */
    public ModelDeploymentStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        replicaPlans = replicaPlans == null ? List.of() : List.copyOf(replicaPlans);
        stages = stages == null ? List.of() : List.copyOf(stages);
    }

    /** Returns this without what schedulers write: tokensPerSecond and queue are not the operator's. */
    public ModelDeploymentStatus withoutTraffic() {
        return new ModelDeploymentStatus(
                observedGeneration,
                conditions,
                plan,
                replicaPlans,
                stages,
                url,
                replicas,
                readyReplicas,
                selector,
                null,
                null);
    }
}
