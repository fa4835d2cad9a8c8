package dev.littoral.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.littoral.crds.schema.ListAs;
import dev.littoral.crds.schema.TextLength;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be served, from which variants, on which nodes. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelDeploymentSpec(
        @Required
        @Pattern(Names.PATTERN)
        @TextLength(min = 1, max = 253)
        @JsonPropertyDescription("LanguageModel in the same namespace.")
        String model,

        @Required
        @ListAs
        @Size(min = 1, max = 16)
        @TextLength(min = 1, max = 253)
        @ValidationRule(
                value = "self.all(x, self.exists_one(y, x == y))",
                message = "variants must not name a QuantizationVariant twice")
        @JsonPropertyDescription("QuantizationVariants of the model in the same namespace, the most wanted first. The"
                + " first one with which the model fits is taken.")
        List<String> variants,

        @Required
        @ListAs
        @Size(min = 1, max = 32)
        @TextLength(min = 1, max = 253)
        @ValidationRule(
                value = "self.all(x, self.exists_one(y, x == y))",
                message = "pools must not name a DevicePool twice")
        @JsonPropertyDescription("DevicePools in the same namespace on whose nodes the model may run.")
        List<String> pools,

        @Required
        @Default("1")
        @Min(0)
        @Max(64)
        @SpecReplicas
        @JsonPropertyDescription("Copies of the whole model, each of one or more stages.")
        Integer replicas,

        @Min(16)
        @Max(1048576)
        @JsonPropertyDescription(
                "Longest prompt and answer together, in tokens, that memory is kept for; the model's own"
                        + " limit where absent.")
        @Nullable
        Integer contextTokens,

        @Required
        @Default("4")
        @Min(1)
        @Max(256)
        @JsonPropertyDescription("Requests that one replica can answer at once; each has its own KV cache.")
        Integer slots,

        @Required
        @Default("Auto")
        @JsonPropertyDescription(
                "Auto runs the model on one node where it fits and splits it where it must. Whole never splits.")
        Strategy strategy) {

    /** Turns absent lists into empty ones. */
    public ModelDeploymentSpec {
        variants = variants == null ? List.of() : List.copyOf(variants);
        pools = pools == null ? List.of() : List.copyOf(pools);
    }
}
