package dev.littoral.engine.onnx;

import static dev.littoral.engine.onnx.OnnxGraph.ONNX;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.Rotary;
import dev.littoral.checkpoint.TensorNames;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.quantize.Calibration;
import dev.littoral.engine.quantize.Crew;
import dev.littoral.engine.quantize.MatrixRounder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the graph of a stage: hidden states in; hidden states out, or the logits of the last rows and what
 * {@link SummaryNodes} tells of them.
 *
 * <p>Inputs: {@code hidden} [sequences, rows, hidden size], {@code last_position} [sequences], {@code total_length},
 * in the last stage {@code logits_from}, which row counted from the end (-1 is the last) is the first to get logits,
 * for each kind of rotary positions among the layers the tables {@code cos0} and {@code sin0} [positions, half of what
 * is rotated], and per layer {@code past_key_i} and {@code past_value_i} [sequences, key heads, positions, head], which
 * {@code present_key_i} and {@code present_value_i} extend in place when they are the same buffers.
 */
final class DecoderGraph {

    /** What the output head is multiplied by. */
    static final String HEAD_INPUT = "norm";

    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final StageSpec spec;
    private final OnnxGraph graph;
    private final MatrixWriter matrices;
    private final LayerNodes layers;
    private final NormNodes norms;

    DecoderGraph(
            Checkpoint checkpoint,
            StageSpec spec,
            String weightFile,
            WeightWriter weights,
            Crew crew,
            Calibration calibration,
            boolean halves) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.spec = spec;
        this.graph = new OnnxGraph(weightFile, halves);
        Blocks blocks = spec.quantization().blocks();
        this.matrices = new MatrixWriter(
                graph, weights, blocks, new MatrixRounder(crew, weights, spec.rounding(), blocks), calibration);
        this.norms = new NormNodes(checkpoint, graph);
        KvCacheNodes caches = new KvCacheNodes(config, graph, spec.kvBits(), calibration);
        this.layers = new LayerNodes(checkpoint, graph, matrices, norms, caches, rotaries(config, spec));
    }

    /** Lists the kinds of rotary positions among the layers of a stage; the tables are numbered so. */
    static List<Rotary> rotaries(ModelConfig config, StageSpec spec) {
        return config.attention().layers().subList(spec.firstLayer(), spec.endLayer()).stream()
                .map(sight -> sight.rotary())
                .distinct()
                .toList();
    }

    byte[] build(ProgressListener progress) throws IOException {
        long done = 0;
        long total = checkpoint.shape().preparedBytes(spec.firstLayer(), spec.quantization());
        inputs();
        Residual residual = new Residual("hidden", "");
        for (int layer = spec.firstLayer(); layer < spec.endLayer(); layer++) {
            LayerBits bits = spec.quantization().layers().get(layer - spec.firstLayer());
            progress.progress(done, total, "preparing layer " + layer + " at " + bits + " bits");
            residual = layers.add(layer, residual, bits);
            done += checkpoint.shape().layerBytes(bits, spec.quantization().blocks());
        }
        if (spec.endLayer() == config.layers()) {
            progress.progress(
                    done, total, "preparing the head at " + spec.quantization().headBits() + " bits");
            head(residual);
        } else {
            hiddenOut(residual);
        }
        progress.progress(total, total, "weights are prepared");
        return graph.bytes();
    }

    /** Builds the first layer of the stage alone, which also gives what its matrices are multiplied by. */
    byte[] buildObserved() throws IOException {
        inputs();
        int layer = spec.firstLayer();
        hiddenOut(layers.add(
                layer, new Residual("hidden", ""), spec.quantization().layers().getFirst()));
        observed(config, layer)
                .forEach((name, numbers) ->
                        graph.output(name, OnnxGraph.Type.FLOAT, "sequences", "rows", numbers.longValue()));
        return graph.bytes();
    }

    /** Names what a layer's matrices are multiplied by, with how many numbers each has. */
    static Map<String, Integer> observed(ModelConfig config, int layer) {
        String at = "layer" + layer + ".";
        Map<String, Integer> observed = new LinkedHashMap<>();
        observed.put(at + "input_norm", config.hiddenSize());
        observed.put(at + "attention", config.heads() * config.headDim());
        observed.put(at + "mlp_norm", config.hiddenSize());
        observed.put(at + "gated", config.ffnSize());
        return observed;
    }

    private void inputs() {
        graph.input("hidden", OnnxGraph.Type.FLOAT, "sequences", "rows", config.hiddenSize());
        graph.input("last_position", OnnxGraph.Type.INT, "sequences");
        graph.input("total_length", OnnxGraph.Type.INT);
        List<Rotary> rotaries = rotaries(config, spec);
        for (int i = 0; i < rotaries.size(); i++) {
            for (String table : List.of("cos", "sin")) {
                graph.input(
                        table + i, graph.arithmetic(), "table", rotaries.get(i).dimensions() / 2);
                graph.typed(table + i, graph.arithmetic());
            }
        }
    }

    private void hiddenOut(Residual residual) {
        graph.node(
                ONNX,
                "Add",
                List.of(residual.sum(), graph.as(OnnxGraph.Type.FLOAT, residual.added())),
                List.of("hidden_out"));
        graph.output("hidden_out", OnnxGraph.Type.FLOAT, "sequences", "rows", config.hiddenSize());
    }

    private void head(Residual residual) throws IOException {
        graph.input("logits_from", OnnxGraph.Type.LONG, 1);
        graph.constant("end", Long.MAX_VALUE);
        graph.constant("row_axis", 1);
        for (String part : List.of(residual.sum(), residual.added())) {
            graph.node(ONNX, "Slice", List.of(part, "logits_from", "end", "row_axis"), List.of(part + ".last"));
            graph.typed(part + ".last", graph.type(part));
        }
        norms.add(
                HEAD_INPUT, new Residual(residual.sum() + ".last", residual.added() + ".last"), TensorNames.FINAL_NORM);
        boolean halves = graph.arithmetic() == OnnxGraph.Type.HALF;
        String product = halves ? "logits.half" : "logits";
        matrices.multiply(
                HEAD_INPUT,
                product,
                List.of(checkpoint.tensor(TensorNames.head(config))),
                spec.quantization().headBits());
        if (halves) {
            graph.cast(product, "logits", OnnxGraph.Type.FLOAT);
        }
        graph.output("logits", OnnxGraph.Type.FLOAT, "sequences", "logit_rows", config.vocabularySize());
        new SummaryNodes(graph).add(config.vocabularySize());
    }
}
