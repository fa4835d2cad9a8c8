package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.TextLength;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** One aspect of a resource's state, as the Kubernetes API conventions write it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @Required
        @Pattern("^[A-Z][A-Za-z]*$")
        @TextLength(max = 64)
        @JsonPropertyDescription("Aspect that this condition is about, in CamelCase.")
        String type,

        @Required
        @Pattern("^(True|False|Unknown)$")
        @TextLength(max = 7)
        @JsonPropertyDescription("True, False or Unknown.")
        String status,

        @JsonPropertyDescription("Generation of the spec that this condition was worked out from.") @Nullable
        Long observedGeneration,

        @Required @JsonPropertyDescription("When the status last changed from one value to another, RFC 3339.")
        String lastTransitionTime,

        @Required
        @Pattern("^[A-Z][A-Za-z]*$")
        @TextLength(max = 64)
        @JsonPropertyDescription("Why, in one CamelCase word; every reason is listed in docs/reference/status.md.")
        String reason,

        @Required @TextLength(max = 32768) @JsonPropertyDescription("Why, for people, with names and figures.")
        String message) {

    /** Says whether this condition's status is {@code True}. */
    public boolean holds() {
        return "True".equals(status);
    }
}
