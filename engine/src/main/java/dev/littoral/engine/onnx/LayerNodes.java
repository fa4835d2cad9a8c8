package dev.littoral.engine.onnx;

import static dev.littoral.engine.onnx.OnnxGraph.ONNX;
import static dev.littoral.engine.onnx.OnnxGraph.ORT;
import static dev.littoral.engine.onnx.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.littoral.checkpoint.Attention.Sight;
import dev.littoral.checkpoint.Blueprint;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.Rotary;
import dev.littoral.checkpoint.Tensor;
import dev.littoral.checkpoint.TensorNames;
import dev.littoral.checkpoint.Trait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Adds layers to a graph, as the blueprint of the model's architecture has them. */
final class LayerNodes {

    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final Blueprint blueprint;
    private final OnnxGraph graph;
    private final MatrixWriter matrices;
    private final NormNodes norms;
    private final KvCacheNodes caches;
    private final List<Rotary> rotaries;

    LayerNodes(
            Checkpoint checkpoint,
            OnnxGraph graph,
            MatrixWriter matrices,
            NormNodes norms,
            KvCacheNodes caches,
            List<Rotary> rotaries) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.blueprint = config.blueprint();
        this.graph = graph;
        this.matrices = matrices;
        this.norms = norms;
        this.caches = caches;
        this.rotaries = rotaries;
    }

    Residual add(int layer, Residual before, LayerBits bits) throws IOException {
        String at = "layer" + layer + ".";
        String attentionSum = norms.add(at + "input_norm", before, name(layer, "input_layernorm.weight"));
        matrices.multiply(
                at + "input_norm",
                at + "qkv",
                weights(layer, blueprint.queryKeyValue()),
                biases(layer),
                bits.attention());
        attention(layer, at);
        matrices.multiply(at + "attention", at + "o", weights(layer, List.of("self_attn.o_proj")), bits.attention());
        String mlpSum = norms.add(
                at + "mlp_norm",
                new Residual(attentionSum, after(layer, at + "o", "post_attention_layernorm.weight")),
                name(layer, blueprint.mlpNorm()));
        matrices.multiply(at + "mlp_norm", at + "gate_up", weights(layer, blueprint.gateUp()), bits.mlp());
        graph.node(
                ONNX,
                "Split",
                List.of(at + "gate_up"),
                List.of(at + "gate", at + "up"),
                attribute("axis", -1),
                attribute("num_outputs", 2));
        activation(at);
        graph.node(ONNX, "Mul", List.of(at + "active", at + "up"), List.of(at + "gated"));
        graph.typed(at + "gated", graph.type(at + "gate_up"));
        matrices.multiply(at + "gated", at + "down", weights(layer, List.of("mlp.down_proj")), bits.mlp());
        return new Residual(mlpSum, after(layer, at + "down", "post_feedforward_layernorm.weight"));
    }

    /** Normalizes what is to be added, where the architecture does. */
    private String after(int layer, String output, String norm) {
        if (!blueprint.has(Trait.NORMS_AFTER)) {
            return output;
        }
        norms.add(output + "_norm", output, name(layer, norm));
        return output + "_norm";
    }

    private void activation(String at) {
        switch (blueprint.activation()) {
            case SILU -> {
                graph.node(ONNX, "Sigmoid", List.of(at + "gate"), List.of(at + "sigmoid"));
                graph.node(ONNX, "Mul", List.of(at + "gate", at + "sigmoid"), List.of(at + "active"));
            }
            case GELU_TANH -> graph.node(ORT, "FastGelu", List.of(at + "gate"), List.of(at + "active"));
        }
    }

    private void attention(int layer, String at) {
        caches.declare(layer);
        Sight sight = config.attention().layers().get(layer);
        int table = rotaries.indexOf(sight.rotary());
        List<String> inputs = new ArrayList<>(queryKeyValue(layer, at));
        inputs.addAll(List.of(
                "past_key_" + layer,
                "past_value_" + layer,
                "last_position",
                "total_length",
                "cos" + table,
                "sin" + table));
        List<AttributeProto> attributes = new ArrayList<>(List.of(
                attribute("num_heads", config.heads()),
                attribute("kv_num_heads", config.kvHeads()),
                attribute("do_rotary", 1),
                attribute("rotary_interleaved", 0),
                attribute("scale", config.attention().scale())));
        if (sight.windowed()) {
            attributes.add(attribute("local_window_size", sight.windowTokens()));
        }
        caches.attend(layer, at + "attention", inputs, attributes);
    }

    /** Names query, key and value; the query stands for all where nothing comes between. */
    private List<String> queryKeyValue(int layer, String at) {
        if (!blueprint.has(Trait.HEAD_NORMS)) {
            return List.of(at + "qkv", "", "");
        }
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        graph.constant(at + "qkv.sizes", queries, keys, keys);
        graph.node(
                ONNX,
                "Split",
                List.of(at + "qkv", at + "qkv.sizes"),
                List.of(at + "q", at + "k", at + "v"),
                attribute("axis", -1));
        List.of(at + "q", at + "k", at + "v").forEach(part -> graph.typed(part, graph.type(at + "qkv")));
        return List.of(
                headNorm(at + "q", config.heads(), name(layer, "self_attn.q_norm.weight")),
                headNorm(at + "k", config.kvHeads(), name(layer, "self_attn.k_norm.weight")),
                at + "v");
    }

    private String headNorm(String input, int heads, String tensor) {
        graph.constant(input + ".heads_shape", 0, 0, heads, config.headDim());
        graph.constant(input + ".rows_shape", 0, 0, (long) heads * config.headDim());
        graph.node(ONNX, "Reshape", List.of(input, input + ".heads_shape"), List.of(input + ".heads"));
        graph.typed(input + ".heads", graph.type(input));
        norms.add(input + "_norm", input + ".heads", tensor);
        graph.node(ONNX, "Reshape", List.of(input + "_norm", input + ".rows_shape"), List.of(input + ".normed"));
        return input + ".normed";
    }

    private static String name(int layer, String part) {
        return TensorNames.layer(layer, part);
    }

    private List<Tensor> weights(int layer, List<String> parts) {
        return parts.stream()
                .map(part -> checkpoint.tensor(name(layer, part + ".weight")))
                .toList();
    }

    private List<Tensor> biases(int layer) {
        if (!blueprint.has(Trait.QUERY_KEY_VALUE_BIAS)) {
            return List.of();
        }
        return blueprint.queryKeyValue().stream()
                .map(part -> checkpoint.tensor(name(layer, part + ".bias")))
                .toList();
    }
}
