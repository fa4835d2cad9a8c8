package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.ListAs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes that a pool selects, as of the last look. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DevicePoolStatus(
        @JsonPropertyDescription("Generation of the spec that this status was worked out from.") @Nullable
        Long observedGeneration,

        @ListAs(mapBy = "type") @JsonPropertyDescription("Ready: at least one node of the pool can take agents.")
        List<Condition> conditions,

        @ListAs(mapBy = "name") @JsonPropertyDescription("Nodes of the pool, by name.")
        List<PoolNode> nodes,

        @JsonPropertyDescription("Ready nodes of all, such as 2/3.") @Nullable
        String summary,

        @JsonPropertyDescription("Free memory of the ready nodes together, in bytes.") @Nullable
        Long freeBytes,

        @JsonPropertyDescription("The free memory in few digits, such as 280Mi.") @Nullable
        String free) {

    /** Turns absent lists into empty ones. */
    public DevicePoolStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
    }
}
