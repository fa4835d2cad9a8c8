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

/** What is to be served, from which variants, on which nodes; or by which server that runs on the nodes already. */
@ValidationRule(
        value = "has(self.server) ? !has(self.model) && !has(self.variants) : has(self.model) && has(self.variants)",
        message = "set either model and variants, or server, which has a model of its own")
@ValidationRule(
        value = "!has(self.server) || has(self.contextTokens)",
        message = "server needs contextTokens: no checkpoint tells how long a prompt and its answer may be")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelDeploymentSpec(
        @Pattern(Names.PATTERN)
        @TextLength(min = 1, max = 253)
        @JsonPropertyDescription("LanguageModel in the same namespace.")
        @Nullable
        String model,

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
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
        @JsonPropertyDescription(
                "Copies of the whole model, each of one or more stages. With server there is one on each"
                        + " node of the pools, and only 0 counts, which ends them.")
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
        Strategy strategy,

        @JsonPropertyDescription(
                "A server on every node of the pools that answers instead of agents with a model; takes"
                        + " the place of model and variants.")
        @Nullable
        NodeServer server,

        @JsonPropertyDescription(
                "What the answers may use in the long run. What goes beyond it makes the routes that caused it dearer"
                        + " to the scheduler until it is made up for.")
        @Nullable
        PromisedBudgets promises) {

    /** Promises nothing. */
    public ModelDeploymentSpec(
            @Nullable String model,
            List<String> variants,
            List<String> pools,
            Integer replicas,
            @Nullable Integer contextTokens,
            Integer slots,
            Strategy strategy,
            @Nullable NodeServer server) {
        this(model, variants, pools, replicas, contextTokens, slots, strategy, server, null);
    }

    /** Turns absent lists into empty ones. */
    public ModelDeploymentSpec {
        variants = variants == null ? List.of() : List.copyOf(variants);
        pools = pools == null ? List.of() : List.copyOf(pools);
    }
}
