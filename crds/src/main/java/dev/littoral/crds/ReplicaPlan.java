package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** The plan of one replica; its stages are listed beside it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplicaPlan(
        @Required @JsonPropertyDescription("Replica that the plan is for, from 0.")
        Integer replica,

        @Required @JsonPropertyDescription("Identity of the plan, part of its pods' names.")
        String plan,

        @Required @JsonPropertyDescription("QuantizationVariant that the plan takes, or the model of a server.")
        String variant,

        @Required
        @JsonPropertyDescription(
                "Digest of what was asked for: model, variants, context, slots, strategy and the profiles"
                        + " of the nodes. Another digest makes another plan.")
        String demand,

        @Required @JsonPropertyDescription("The plan in several lines, with bytes, times and the runner-up.")
        String explanation,

        @Required
        @JsonPropertyDescription("Predicted seconds per generated token of one request on an idle replica; 0 where a"
                + " server answers, of which nothing is predicted.")
        Double predictedSecondsPerToken,

        @JsonPropertyDescription("The best plan that was not taken and why it lost, in few words.") @Nullable
        String runnerUp,

        @Required @JsonPropertyDescription("When the plan was made, RFC 3339.")
        String plannedAt) {}
