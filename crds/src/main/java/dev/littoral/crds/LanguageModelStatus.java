package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.ListAs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator read from a checkpoint; everything but the conditions is absent until it could be read. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LanguageModelStatus(
        @JsonPropertyDescription("Generation of the spec that this status was worked out from.") @Nullable
        Long observedGeneration,

        @ListAs(mapBy = "type") @JsonPropertyDescription("Ready: the checkpoint was read and can be planned with.")
        List<Condition> conditions,

        @JsonPropertyDescription("The source with its commit or digest where it has one; every stage loads this one.")
        @Nullable
        String resolvedUri,

        @JsonPropertyDescription("Architecture that config.json names.") @Nullable
        String architecture,

        @JsonPropertyDescription("Decoder layers.") @Nullable
        Integer layers,

        @JsonPropertyDescription("Weights of the whole model.") @Nullable
        Long parameters,

        @JsonPropertyDescription("Bytes of the checkpoint's tensors as stored.") @Nullable
        Long sizeBytes,

        @JsonPropertyDescription("Longest prompt and answer together, in tokens.") @Nullable
        Integer contextTokens,

        @JsonPropertyDescription("Sizes that planning works with.") @Nullable
        ModelDimensions dimensions) {

    /** Turns an absent list into an empty one. */
    public LanguageModelStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
