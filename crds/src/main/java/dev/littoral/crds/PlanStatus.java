package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** The plan in force, and why it is this one. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanStatus(
        @Required @JsonPropertyDescription("Identity of the plan, part of its pods' names.")
        String id,

        @Required @JsonPropertyDescription("The plan in few words, such as 2 stages, 8 bit.")
        String summary,

        @Required
        @JsonPropertyDescription(
                "The plan in several lines: layers at which bits on which node, bytes against free bytes,"
                        + " predicted time, the runner-up and why it lost.")
        String explanation,

        @JsonPropertyDescription("Predicted seconds per generated token of one request on an idle replica.") @Nullable
        Double predictedSecondsPerToken,

        @JsonPropertyDescription("The best plan that was not taken and why it lost, in few words.") @Nullable
        String runnerUp,

        @JsonPropertyDescription("When this plan was made, RFC 3339.") @Nullable
        String plannedAt) {}
