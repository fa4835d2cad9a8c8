package dev.littoral.engine.onnx;

import static dev.littoral.engine.onnx.OnnxGraph.ONNX;
import static dev.littoral.engine.onnx.OnnxGraph.ORT;
import static dev.littoral.engine.onnx.OnnxGraph.attribute;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.Tensor;
import dev.littoral.checkpoint.Trait;
import java.util.List;

/** Adds norms by root mean square to a graph, computed with 32 bits. */
final class NormNodes {

    private final Checkpoint checkpoint;
    private final OnnxGraph graph;

    NormNodes(Checkpoint checkpoint, OnnxGraph graph) {
        this.checkpoint = checkpoint;
        this.graph = graph;
    }

    /** Adds what is left to add and normalizes; gives the name of the sum. */
    String add(String output, Residual residual, String tensor) {
        if (residual.added().isEmpty()) {
            add(output, residual.sum(), tensor);
            return residual.sum();
        }
        graph.constant(output + ".weight", weight(tensor));
        graph.node(
                ORT,
                "SkipSimplifiedLayerNormalization",
                List.of(residual.sum(), graph.as(OnnxGraph.Type.FLOAT, residual.added()), output + ".weight"),
                List.of(output, "", "", output + ".sum"),
                attribute("epsilon", checkpoint.config().normEpsilon()));
        return output + ".sum";
    }

    /** Normalizes along the last axis. */
    void add(String output, String input, String tensor) {
        graph.constant(output + ".weight", weight(tensor));
        graph.node(
                ONNX,
                "SimplifiedLayerNormalization",
                List.of(graph.as(OnnxGraph.Type.FLOAT, input), output + ".weight"),
                List.of(output),
                attribute("axis", -1),
                attribute("epsilon", checkpoint.config().normEpsilon()),
                attribute("stash_type", 1));
    }

    /** Gives what a norm multiplies by. */
    float[] weight(String name) {
        Tensor tensor = checkpoint.tensor(name);
        float[] values = tensor.values();
        if (checkpoint.config().blueprint().has(Trait.NORM_ADDS_ONE)) {
            for (int i = 0; i < values.length; i++) {
                values[i] += 1;
            }
        }
        return values;
    }
}
