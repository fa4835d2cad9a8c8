package dev.littoral.engine.onnx;

import static dev.littoral.engine.onnx.OnnxGraph.ONNX;
import static dev.littoral.engine.onnx.OnnxGraph.attribute;

import dev.littoral.engine.LogitBlocks;
import java.util.List;

/** Adds to a graph what is told of its logits, with all threads, so that whoever chooses a token looks at few of them. */
final class SummaryNodes {

    /** The output: {@link LogitBlocks#FIGURES} times as many numbers as there are blocks, of each row of logits. */
    static final String SUMMARY = "summary";

    private static final String AXES = "summary.axes";

    private final OnnxGraph graph;

    SummaryNodes(OnnxGraph graph) {
        this.graph = graph;
    }

    /**
     * Adds the output for an output {@code logits} of numbers of 32 bits.
     *
     * @param vocabulary how many logits a row has
     */
    void add(int vocabulary) {
        LogitBlocks blocks = LogitBlocks.of(vocabulary);
        graph.constant("summary.shape", 0, 0, blocks.count(), blocks.size());
        graph.constant(AXES, -1);
        graph.node(ONNX, "Reshape", List.of("logits", "summary.shape"), List.of("summary.logits"));
        over("ReduceMax", "summary.logits", "summary.largest");
        graph.node(ONNX, "Sub", List.of("summary.logits", "summary.largest"), List.of("summary.below"));
        graph.node(ONNX, "Exp", List.of("summary.below"), List.of("summary.weights"));
        over("ReduceSum", "summary.weights", "summary.total");
        // a logit that is not finite makes this not a number: zero times infinity at least
        graph.node(ONNX, "Mul", List.of("summary.weights", "summary.below"), List.of("summary.products"));
        over("ReduceSum", "summary.products", "summary.weighted");
        graph.node(
                ONNX,
                "Concat",
                List.of("summary.largest", "summary.total", "summary.weighted"),
                List.of(SUMMARY),
                attribute("axis", 2));
        graph.output(SUMMARY, OnnxGraph.Type.FLOAT, "sequences", "logit_rows", blocks.figures(), 1);
    }

    private void over(String operator, String input, String output) {
        graph.node(ONNX, operator, List.of(input, AXES), List.of(output));
    }
}
