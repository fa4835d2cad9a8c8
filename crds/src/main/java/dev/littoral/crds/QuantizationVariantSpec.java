package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.Choices;
import dev.littoral.crds.schema.ListAs;
import dev.littoral.crds.schema.TextLength;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the weights of a model are to be quantized: alike in every layer, or layer by layer. */
@ValidationRule(
        value = "has(self.bits) != has(self.bitsPerLayer)",
        message = "set exactly one of bits (all layers alike) and bitsPerLayer (one number per layer)")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record QuantizationVariantSpec(
        @Required
        @Pattern(Names.PATTERN)
        @TextLength(min = 1, max = 253)
        @ValidationRule(value = "self == oldSelf", message = "model is immutable; make another QuantizationVariant")
        @JsonPropertyDescription("LanguageModel in the same namespace that this is a variant of.")
        String model,

        @Choices({2, 4, 8, 16, 32})
        @JsonPropertyDescription(
                "Bits per weight of every layer; 32 leaves the weights unquantized, 16 halves them on the disk only.")
        @Nullable
        Integer bits,

        @Choices({2, 4, 8, 16, 32})
        @ListAs
        @Size(min = 1, max = 512)
        @JsonPropertyDescription("Bits per weight of each layer, from the first layer to the last.")
        List<Integer> bitsPerLayer,

        @Choices({2, 4, 8, 16, 32})
        @JsonPropertyDescription(
                "Bits per weight of attention's matrices in every layer, in place of the layer's bits.")
        @Nullable
        Integer attentionBits,

        @Choices({2, 4, 8, 16, 32})
        @JsonPropertyDescription("Bits per weight of the MLP's matrices in every layer, in place of the layer's bits.")
        @Nullable
        Integer mlpBits,

        @Required
        @Default("8")
        @Choices({2, 4, 8, 16, 32})
        @JsonPropertyDescription("Bits per weight of the output head. The embedding stays as the checkpoint stores it.")
        Integer edgeBits,

        @Required
        @Default("32")
        @Choices({32, 64, 128})
        @JsonPropertyDescription("Weights that share one scale. Smaller groups are truer and larger.")
        Integer groupSize,

        @Required
        @Default("true")
        @JsonPropertyDescription("Whether groups are symmetric around zero; false adds a zero point to each scale.")
        Boolean symmetric,

        @Required
        @Default("32")
        @Choices({8, 16, 32})
        @JsonPropertyDescription(
                "Bits per number of the cache of keys and values; 8 needs a checkpoint with a calibration.")
        Integer kvBits) {

    /** Turns an absent list into an empty one. */
    public QuantizationVariantSpec {
        bitsPerLayer = bitsPerLayer == null ? List.of() : List.copyOf(bitsPerLayer);
    }
}
