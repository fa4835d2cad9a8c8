package dev.littoral.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import dev.littoral.checkpoint.CheckpointException.Reason;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Reads the fields of a config.json that architectures share, and refuses by name what we do not run. */
final class ModelFields {

    private static final int MAX_SIZE = 1 << 20;
    private static final int MAX_TOKENS = 1 << 24;
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    /** Fields of any architecture that change what a model computes, with the number that changes nothing. */
    private static final Map<String, Double> NEUTRAL = Map.ofEntries(
            Map.entry("attn_logit_softcapping", Double.NaN),
            Map.entry("final_logit_softcapping", Double.NaN),
            Map.entry("logit_scale", 1.0),
            Map.entry("logits_scaling", 1.0),
            Map.entry("embedding_multiplier", 1.0),
            Map.entry("residual_multiplier", 1.0),
            Map.entry("attention_multiplier", Double.NaN),
            Map.entry("clip_qkv", Double.NaN),
            Map.entry("use_qk_norm", Double.NaN),
            Map.entry("qk_layernorm", Double.NaN),
            Map.entry("num_experts", 0.0),
            Map.entry("num_local_experts", 0.0),
            Map.entry("n_routed_experts", 0.0),
            Map.entry("no_rope_layers", Double.NaN),
            Map.entry("attention_chunk_size", Double.NaN),
            Map.entry("use_bidirectional_attention", Double.NaN),
            Map.entry("alibi", Double.NaN),
            Map.entry("is_encoder_decoder", Double.NaN),
            Map.entry("add_cross_attention", Double.NaN),
            Map.entry("vision_config", Double.NaN));

    /**
     * Fields that change what other engines compute, and that transformers leaves out, as we do: answers are those of
     * transformers.
     */
    private static final List<String> LEFT_OUT = List.of("dual_chunk_attention_config");

    private final JsonFile json;
    private final RotaryFields rotaries;

    ModelFields(JsonFile json) {
        this.json = json;
        this.rotaries = new RotaryFields(json);
        if (!json.field("quantization_config").isMissingNode()) {
            throw unsupported(json, "quantization_config", "present", "use the checkpoint that was not quantized");
        }
        NEUTRAL.forEach(this::refuseUnless);
        for (String field : LEFT_OUT) {
            if (!json.field(field).isMissingNode() && !json.field(field).isObject()) {
                throw json.invalid(field, "it must be an object, which is left out here as in transformers");
            }
        }
    }

    /** Refuses each field that asks for anything. */
    void refuse(String... fields) {
        for (String field : fields) {
            refuseUnless(field, Double.NaN);
        }
    }

    private void refuseUnless(String field, double neutral) {
        JsonNode value = json.field(field);
        boolean asksForNothing = value.isMissingNode()
                || (value.isBoolean() && !value.booleanValue())
                || (value.isNumber() && value.doubleValue() == neutral);
        if (!asksForNothing) {
            throw unsupported(json, field, JsonFile.words(value), "use a checkpoint without it");
        }
    }

    int layers() {
        return json.integer("num_hidden_layers", 1, 4096);
    }

    int hiddenSize() {
        return json.integer("hidden_size", 2, MAX_SIZE);
    }

    int heads() {
        return json.integer("num_attention_heads", 1, 4096);
    }

    /** Reads the number of key heads; null stands for one for each query head. */
    int kvHeads(int ifAbsent) {
        int heads = heads();
        int kvHeads =
                json.integer("num_key_value_heads", 1, heads, json.saysNull("num_key_value_heads") ? heads : ifAbsent);
        if (kvHeads > heads || heads % kvHeads != 0) {
            throw json.invalid("num_key_value_heads", "it is " + kvHeads + " but must divide the " + heads + " heads");
        }
        return kvHeads;
    }

    int headDim(int ifAbsent) {
        int headDim = json.integer("head_dim", 1, 4096, ifAbsent);
        if (headDim % 16 != 0 || headDim == 0) {
            throw unsupported(json, "head_dim", String.valueOf(headDim), "use a checkpoint with a multiple of 16");
        }
        return headDim;
    }

    int positive(String field, int ifAbsent) {
        return json.integer(field, 1, MAX_SIZE, ifAbsent);
    }

    /** Reads how many tokens a layer with a window sees; 0, for all, when it says null. */
    int window(int ifAbsent) {
        return json.saysNull("sliding_window") ? 0 : json.integer("sliding_window", 1, MAX_TOKENS, ifAbsent);
    }

    /** Reads the window of each layer where a switch and a first layer say which have one. */
    List<Integer> switchedWindows() {
        int window = json.flag("use_sliding_window", false) ? window(4096) : 0;
        int first = json.integer("max_window_layers", 0, MAX_SIZE, 28);
        return windows(window, layer -> window > 0 && layer >= first);
    }

    /**
     * Gives the window of each layer, 0 where it sees all.
     *
     * @param ifAbsent says which have one when {@code layer_types} does not
     */
    List<Integer> windows(int window, IntPredicate ifAbsent) {
        JsonNode types = json.field("layer_types");
        if (types.isMissingNode()) {
            return IntStream.range(0, layers())
                    .mapToObj(layer -> ifAbsent.test(layer) ? requireWindow(window) : Integer.valueOf(0))
                    .toList();
        }
        if (!types.isArray() || types.size() != layers()) {
            throw json.invalid("layer_types", "it must name the kind of each of the " + layers() + " layers");
        }
        return IntStream.range(0, layers())
                .mapToObj(layer -> switch (types.path(layer).asText()) {
                    case FULL -> Integer.valueOf(0);
                    case SLIDING -> requireWindow(window);
                    default ->
                        throw unsupported(
                                json,
                                "layer_types",
                                types.path(layer).asText(),
                                "only " + FULL + " and " + SLIDING + " are run");
                })
                .toList();
    }

    private Integer requireWindow(int window) {
        if (window == 0) {
            throw json.invalid("sliding_window", "it is absent, but layers ask for a window");
        }
        return window;
    }

    /** Reads positions that are told by whole heads. */
    Rotary rotary(int headDim) {
        return rotaries.whole(headDim);
    }

    /**
     * Reads positions that are told by a part of each head.
     *
     * @param originalTokens that long factors stretch, where config.json itself does not say it
     */
    Rotary partialRotary(int headDim, int originalTokens) {
        return rotaries.partial(headDim, originalTokens);
    }

    /** Reads the positions of the layers that see all. */
    Rotary globalRotary(int headDim, double ifAbsent) {
        return rotaries.of(FULL, headDim, "rope_theta", ifAbsent);
    }

    /** Reads the positions of the layers with a window. */
    Rotary localRotary(int headDim, double ifAbsent) {
        return rotaries.of(SLIDING, headDim, "rope_local_base_freq", ifAbsent);
    }

    /** Reads what is left; embedding and head are two when it does not say. */
    ModelConfig model(Architecture architecture, int kvHeads, int headDim, Attention attention) {
        return model(architecture, kvHeads, headDim, attention, 1e-6, false);
    }

    /** Reads what is left, with these values for what it does not say. */
    ModelConfig model(
            Architecture architecture,
            int kvHeads,
            int headDim,
            Attention attention,
            double epsilonIfAbsent,
            boolean tiedIfAbsent) {
        Activation activation = architecture.blueprint().activation();
        for (String field : List.of("hidden_act", "hidden_activation")) {
            String name = json.field(field).asText(activation.configName());
            if (!name.equals(activation.configName())) {
                throw unsupported(json, field, name, "only " + activation.configName() + " is run");
            }
        }
        JsonNode epsilon = json.field("rms_norm_eps");
        return new ModelConfig(
                architecture.name(),
                layers(),
                hiddenSize(),
                heads(),
                kvHeads,
                headDim,
                json.integer("intermediate_size", 2, MAX_SIZE),
                json.integer("vocab_size", 2, MAX_TOKENS),
                json.integer("max_position_embeddings", 1, MAX_TOKENS, 2048),
                json.number(
                        "rms_norm_eps", epsilon.isMissingNode() ? DoubleNode.valueOf(epsilonIfAbsent) : epsilon, 0, 1),
                theta(attention),
                json.flag("tie_word_embeddings", tiedIfAbsent),
                attention);
    }

    /** Gives the base of the positions in layers that see all, or of the first where none does. */
    private static double theta(Attention attention) {
        return attention.layers().stream()
                .filter(sight -> !sight.windowed())
                .findFirst()
                .orElse(attention.layers().getFirst())
                .rotary()
                .theta();
    }

    static CheckpointException unsupported(JsonFile json, String field, String value, String cure) {
        return new CheckpointException(
                Reason.ArchitectureUnsupported,
                json.file(),
                field,
                "it asks for " + value + ", which is not supported; " + cure);
    }
}
