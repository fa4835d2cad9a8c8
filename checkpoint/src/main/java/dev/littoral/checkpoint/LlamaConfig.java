package dev.littoral.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import dev.littoral.checkpoint.CheckpointException.Reason;

/** Reads the fields of a Llama config and refuses by name what we do not run. */
final class LlamaConfig {

    private static final String ARCHITECTURE = "LlamaForCausalLM";
    private static final int MAX_SIZE = 1 << 20;

    private LlamaConfig() {}

    static ModelConfig read(JsonFile json) {
        JsonNode names = json.field("architectures");
        String architecture = names.path(0).asText(json.field("model_type").asText("none"));
        if (!architecture.equals(ARCHITECTURE)) {
            throw unsupported(json, "architectures", architecture, "use a checkpoint of " + ARCHITECTURE);
        }
        refuseWhatWeLack(json);
        int hiddenSize = json.integer("hidden_size", 1, MAX_SIZE);
        int heads = json.integer("num_attention_heads", 1, 4096);
        int kvHeads = json.integer("num_key_value_heads", 1, heads, heads);
        if (heads % kvHeads != 0) {
            throw json.invalid("num_key_value_heads", "it is " + kvHeads + " but must divide the " + heads + " heads");
        }
        int headDim = json.integer("head_dim", 1, 4096, hiddenSize / heads);
        if (headDim % 16 != 0 || headDim == 0) {
            throw unsupported(json, "head_dim", String.valueOf(headDim), "use a checkpoint with a multiple of 16");
        }
        return new ModelConfig(
                architecture,
                json.integer("num_hidden_layers", 1, 4096),
                hiddenSize,
                heads,
                kvHeads,
                headDim,
                json.integer("intermediate_size", 1, MAX_SIZE),
                json.integer("vocab_size", 2, 1 << 24),
                json.integer("max_position_embeddings", 1, 1 << 24, 2048),
                json.number("rms_norm_eps", orElse(json.field("rms_norm_eps"), 1e-6), 0, 1),
                ropeTheta(json),
                json.flag("tie_word_embeddings", false));
    }

    private static JsonNode orElse(JsonNode value, double otherwise) {
        return value.isMissingNode() ? DoubleNode.valueOf(otherwise) : value;
    }

    private static double ropeTheta(JsonFile json) {
        JsonNode nested = json.field("rope_parameters").path("rope_theta");
        JsonNode theta = nested.isMissingNode() ? json.field("rope_theta") : nested;
        return json.number("rope_theta", orElse(theta, 10_000), 1, 1e12);
    }

    private static void refuseWhatWeLack(JsonFile json) {
        String activation = json.field("hidden_act").asText("silu");
        if (!activation.equals("silu")) {
            throw unsupported(json, "hidden_act", activation, "only silu is run");
        }
        for (String bias : new String[] {"attention_bias", "mlp_bias"}) {
            if (json.flag(bias, false)) {
                throw unsupported(json, bias, "true", "only models without biases are run");
            }
        }
        for (String rope : new String[] {"rope_scaling", "rope_parameters"}) {
            JsonNode scaling = json.field(rope);
            String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
            if (!type.equals("default")) {
                throw unsupported(json, rope, type, "only unscaled rotary positions are run");
            }
            if (scaling.path("partial_rotary_factor").asDouble(1) != 1) {
                throw unsupported(json, rope, "partial_rotary_factor", "only whole heads are rotated");
            }
        }
        if (!json.field("quantization_config").isMissingNode()) {
            throw unsupported(json, "quantization_config", "present", "use the checkpoint that was not quantized");
        }
    }

    private static CheckpointException unsupported(JsonFile json, String field, String value, String cure) {
        return new CheckpointException(
                Reason.ArchitectureUnsupported,
                json.file(),
                field,
                "it asks for " + value + ", which is not supported; " + cure);
    }
}
