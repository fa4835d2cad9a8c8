package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.ListAs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a variant comes to for its model. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuantizationVariantStatus(
        @JsonPropertyDescription("Generation of the spec that this status was worked out from.") @Nullable
        Long observedGeneration,

        @ListAs(mapBy = "type") @JsonPropertyDescription("Ready: the variant fits its model's layers.")
        List<Condition> conditions,

        @ListAs @JsonPropertyDescription("Bits per weight chosen for each layer.")
        List<Integer> bits,

        @JsonPropertyDescription("The bits in few words, such as 8, or 4x6 8x2 for six layers at 4 and two at 8.")
        @Nullable
        String summary,

        @JsonPropertyDescription("Bytes of the whole model's weights in this variant, scales included.") @Nullable
        Long sizeBytes,

        @JsonPropertyDescription("The bytes in few digits, such as 3.5Mi.") @Nullable
        String size) {

    /** Turns absent lists into empty ones. */
    public QuantizationVariantStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        bits = bits == null ? List.of() : List.copyOf(bits);
    }
}
