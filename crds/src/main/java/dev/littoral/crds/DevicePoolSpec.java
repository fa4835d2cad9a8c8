package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.ListAs;
import dev.littoral.crds.schema.TextLength;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which nodes belong to a pool, and what is known of them. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DevicePoolSpec(
        @Required
        @Size(min = 1, max = 16)
        @TextLength(max = 63)
        @JsonPropertyDescription("Labels that a node must carry, all of them, to belong to this pool.")
        Map<String, String> nodeSelector,

        @ListAs @Size(max = 16) @JsonPropertyDescription("Taints of nodes that agents of this pool put up with.")
        List<PoolToleration> tolerations,

        @JsonPropertyDescription(
                "Figures that take precedence over those in the annotation littoral.dev/profile of each node.")
        @Nullable
        DeviceProfile profile,

        @Min(value = 0, inclusive = false)
        @Max(1e9)
        @JsonPropertyDescription(
                "Mean power that the work of its nodes may draw together in the long run, in watts. What goes beyond it"
                        + " makes routes to them dearer to the scheduler until it is made up for.")
        @Nullable
        Double budgetWatts,

        @Min(0)
        @Max(1e9)
        @JsonPropertyDescription("What an hour of work of one of its nodes costs, in any unit that promises share.")
        @Nullable
        Double moneyPerHour) {

    /** Asks for no budget. */
    public DevicePoolSpec(
            Map<String, String> nodeSelector, List<PoolToleration> tolerations, @Nullable DeviceProfile profile) {
        this(nodeSelector, tolerations, profile, null, null);
    }

    /** Turns absent collections into empty ones. */
    public DevicePoolSpec {
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    }
}
