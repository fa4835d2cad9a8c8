package dev.littoral.engine.onnx;

import static dev.littoral.engine.onnx.OnnxGraph.ONNX;
import static dev.littoral.engine.onnx.OnnxGraph.ORT;
import static dev.littoral.engine.onnx.OnnxGraph.attribute;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.LlamaTensors;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.Tensor;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.StageSpec;
import java.io.IOException;
import java.util.List;

/**
 * Builds the graph of a stage: hidden states in; hidden states out, or the logits of the last row.
 *
 * <p>Inputs: {@code hidden} [sequences, rows, hidden size], {@code last_position} [sequences], {@code total_length},
 * the rotary tables {@code cos} and {@code sin} [positions, half a head], and per layer {@code past_key_i} and
 * {@code past_value_i} [sequences, key heads, positions, head], which {@code present_key_i} and
 * {@code present_value_i} extend in place when they are the same buffers.
 */
final class LlamaGraph {

    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final StageSpec spec;
    private final OnnxGraph graph;
    private final MatrixWriter matrices;

    LlamaGraph(Checkpoint checkpoint, StageSpec spec, String weightFile, WeightWriter weights) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.spec = spec;
        this.graph = new OnnxGraph(weightFile);
        this.matrices = new MatrixWriter(graph, weights, spec.blockSize());
    }

    byte[] build(ProgressListener progress) throws IOException {
        long done = 0;
        long total = total();
        graph.input("hidden", OnnxGraph.Type.FLOAT, "sequences", "rows", config.hiddenSize());
        graph.input("last_position", OnnxGraph.Type.INT, "sequences");
        graph.input("total_length", OnnxGraph.Type.INT);
        graph.input("cos", OnnxGraph.Type.FLOAT, "table", config.headDim() / 2);
        graph.input("sin", OnnxGraph.Type.FLOAT, "table", config.headDim() / 2);
        Residual residual = new Residual("hidden", "");
        for (int layer = spec.firstLayer(); layer < spec.endLayer(); layer++) {
            int bits = spec.bits().get(layer - spec.firstLayer());
            progress.progress(done, total, "preparing layer " + layer + " at " + bits + " bits");
            residual = layer(layer, residual, bits);
            done += checkpoint.shape().layerBytes(bits, spec.blockSize());
        }
        if (spec.endLayer() == config.layers()) {
            progress.progress(done, total, "preparing the head at " + spec.edgeBits() + " bits");
            head(residual);
        } else {
            graph.node(ONNX, "Add", List.of(residual.sum(), residual.added()), List.of("hidden_out"));
            graph.output("hidden_out", OnnxGraph.Type.FLOAT, "sequences", "rows", config.hiddenSize());
        }
        progress.progress(total, total, "weights are prepared");
        return graph.bytes();
    }

    private long total() {
        long bytes = spec.endLayer() == config.layers()
                ? checkpoint.shape().headBytes(spec.edgeBits(), spec.blockSize())
                : 0;
        for (int width : spec.bits()) {
            bytes += checkpoint.shape().layerBytes(width, spec.blockSize());
        }
        return bytes;
    }

    /** The sum so far and what is yet to be added to it; nothing is when {@code added} is empty. */
    private record Residual(String sum, String added) {}

    private Residual layer(int layer, Residual before, int bits) throws IOException {
        String at = "layer" + layer + ".";
        String attentionSum = norm(at + "input_norm", before, LlamaTensors.layer(layer, "input_layernorm"));
        matrices.multiply(
                at + "input_norm",
                at + "qkv",
                tensors(layer, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
                bits);
        attention(layer, at);
        matrices.multiply(at + "attention", at + "o", tensors(layer, "self_attn.o_proj"), bits);
        String mlpSum = norm(
                at + "mlp_norm",
                new Residual(attentionSum, at + "o"),
                LlamaTensors.layer(layer, "post_attention_layernorm"));
        matrices.multiply(at + "mlp_norm", at + "gate_up", tensors(layer, "mlp.gate_proj", "mlp.up_proj"), bits);
        graph.node(
                ONNX,
                "Split",
                List.of(at + "gate_up"),
                List.of(at + "gate", at + "up"),
                attribute("axis", -1),
                attribute("num_outputs", 2));
        graph.node(ONNX, "Sigmoid", List.of(at + "gate"), List.of(at + "sigmoid"));
        graph.node(ONNX, "Mul", List.of(at + "gate", at + "sigmoid"), List.of(at + "silu"));
        graph.node(ONNX, "Mul", List.of(at + "silu", at + "up"), List.of(at + "gated"));
        matrices.multiply(at + "gated", at + "down", tensors(layer, "mlp.down_proj"), bits);
        return new Residual(mlpSum, at + "down");
    }

    private void attention(int layer, String at) {
        for (String kind : List.of("key_", "value_")) {
            graph.input(
                    "past_" + kind + layer,
                    OnnxGraph.Type.FLOAT,
                    "sequences",
                    config.kvHeads(),
                    "past",
                    config.headDim());
            graph.output(
                    "present_" + kind + layer,
                    OnnxGraph.Type.FLOAT,
                    "sequences",
                    config.kvHeads(),
                    "present",
                    config.headDim());
        }
        graph.node(
                ORT,
                "GroupQueryAttention",
                List.of(
                        at + "qkv",
                        "",
                        "",
                        "past_key_" + layer,
                        "past_value_" + layer,
                        "last_position",
                        "total_length",
                        "cos",
                        "sin"),
                List.of(at + "attention", "present_key_" + layer, "present_value_" + layer),
                attribute("num_heads", config.heads()),
                attribute("kv_num_heads", config.kvHeads()),
                attribute("do_rotary", 1),
                attribute("rotary_interleaved", 0),
                attribute("scale", 1 / Math.sqrt(config.headDim())));
    }

    /** Adds what is left to add and normalizes; gives the name of the sum. */
    private String norm(String output, Residual residual, String tensor) {
        graph.constant(output + ".weight", vector(tensor));
        if (residual.added().isEmpty()) {
            graph.node(
                    ONNX,
                    "SimplifiedLayerNormalization",
                    List.of(residual.sum(), output + ".weight"),
                    List.of(output),
                    attribute("axis", -1),
                    attribute("epsilon", config.normEpsilon()),
                    attribute("stash_type", 1));
            return residual.sum();
        }
        graph.node(
                ORT,
                "SkipSimplifiedLayerNormalization",
                List.of(residual.sum(), residual.added(), output + ".weight"),
                List.of(output, "", "", output + ".sum"),
                attribute("epsilon", config.normEpsilon()));
        return output + ".sum";
    }

    private void head(Residual residual) throws IOException {
        graph.constant("last", -1);
        graph.constant("end", Long.MAX_VALUE);
        graph.constant("row_axis", 1);
        for (String part : List.of(residual.sum(), residual.added())) {
            graph.node(ONNX, "Slice", List.of(part, "last", "end", "row_axis"), List.of(part + ".last"));
        }
        norm("norm", new Residual(residual.sum() + ".last", residual.added() + ".last"), LlamaTensors.FINAL_NORM);
        matrices.multiply("norm", "logits", List.of(checkpoint.tensor(LlamaTensors.head(config))), spec.edgeBits());
        graph.output("logits", OnnxGraph.Type.FLOAT, "sequences", 1, config.vocabularySize());
    }

    private List<Tensor> tensors(int layer, String... parts) {
        return List.of(parts).stream()
                .map(part -> checkpoint.tensor(LlamaTensors.layer(layer, part)))
                .toList();
    }

    private float[] vector(String tensor) {
        float[] values = new float[config.hiddenSize()];
        checkpoint.tensor(tensor).read(0, values);
        return values;
    }
}
