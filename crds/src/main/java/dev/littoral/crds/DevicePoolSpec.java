package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.ListAs;
import dev.littoral.crds.schema.TextLength;
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
        DeviceProfile profile) {

    /** Turns absent collections into empty ones. */
    public DevicePoolSpec {
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    }
}
