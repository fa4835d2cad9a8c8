package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** One node of a pool. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PoolNode(
        @Required @JsonPropertyDescription("Name of the node.")
        String name,

        @Required @JsonPropertyDescription("Whether pods can be placed on it now.")
        Boolean ready,

        @JsonPropertyDescription("Why it is not ready.") @Nullable
        String problem,

        @Required @JsonPropertyDescription("Memory that pods may request, in bytes.")
        Long allocatableBytes,

        @Required @JsonPropertyDescription("Of these, what no pod has requested.")
        Long freeBytes,

        @Required @JsonPropertyDescription("What the node can do, as planning sees it.")
        DeviceProfile profile,

        @Required
        @JsonPropertyDescription(
                "Whether every figure of the profile was given by pool or node; false where settings of"
                        + " the operator filled a gap.")
        Boolean profileGiven) {}
