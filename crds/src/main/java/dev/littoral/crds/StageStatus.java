package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.ListAs;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One stage of the plan in force and the pod that runs it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StageStatus(
        @Required @JsonPropertyDescription("Replica that the stage belongs to, from 0.")
        Integer replica,

        @Required @JsonPropertyDescription("Place of the stage in its replica, from 0.")
        Integer index,

        @Required @JsonPropertyDescription("Plan that the stage belongs to.")
        String plan,

        @Required @JsonPropertyDescription("Pod that runs the stage.")
        String pod,

        @Required @JsonPropertyDescription("Node that the pod is pinned to.")
        String node,

        @Required @JsonPropertyDescription("First layer, inclusive.")
        Integer firstLayer,

        @Required @JsonPropertyDescription("Last layer, exclusive; 0 where a server answers.")
        Integer endLayer,

        @Required @ListAs @JsonPropertyDescription("Bits per weight of each layer of the stage.")
        List<Integer> bits,

        @Required @JsonPropertyDescription("QuantizationVariant that the bits come from, or the model of a server.")
        String variant,

        @Required @JsonPropertyDescription("Bytes of the stage's weights, and of the tokenizer in the first stage.")
        Long weightBytes,

        @Required @JsonPropertyDescription("Bytes of the KV caches of all slots.")
        Long kvBytes,

        @Required
        @JsonPropertyDescription(
                "Bytes that the pod requests: weights, KV caches, activations, headroom and the agent's"
                        + " own memory.")
        Long totalBytes,

        @Required @JsonPropertyDescription("Bytes that were free on the node when the plan was made.")
        Long freeBytes,

        @JsonPropertyDescription("Where the stage's agent answers gRPC, as ip:port, once the pod has an address.")
        @Nullable
        String address,

        @Required @JsonPropertyDescription("Whether the stage is loaded and its neighbours answer.")
        Boolean ready) {

    /** Turns an absent list into an empty one. */
    public StageStatus {
        bits = bits == null ? List.of() : List.copyOf(bits);
    }
}
