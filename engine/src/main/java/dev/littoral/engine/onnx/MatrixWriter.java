package dev.littoral.engine.onnx;

import static dev.littoral.engine.onnx.OnnxGraph.ONNX;
import static dev.littoral.engine.onnx.OnnxGraph.ORT;
import static dev.littoral.engine.onnx.OnnxGraph.attribute;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.DataType;
import dev.littoral.checkpoint.Tensor;
import dev.littoral.engine.quantize.Calibration;
import dev.littoral.engine.quantize.MatrixRounder;
import dev.littoral.engine.quantize.MatrixRounder.Place;
import dev.littoral.engine.quantize.StackedRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes matrices of weights at their bit width, and adds the node that multiplies by them. */
final class MatrixWriter {

    private final OnnxGraph graph;
    private final WeightWriter weights;
    private final Blocks blocks;
    private final MatrixRounder rounder;
    private final Calibration calibration;

    MatrixWriter(OnnxGraph graph, WeightWriter weights, Blocks blocks, MatrixRounder rounder, Calibration calibration) {
        this.graph = graph;
        this.weights = weights;
        this.blocks = blocks;
        this.rounder = rounder;
        this.calibration = calibration;
    }

    /**
     * Adds {@code output = input * matrix transposed}.
     *
     * @param tensors stacked one below the other to one matrix
     */
    void multiply(String input, String output, List<Tensor> tensors, int bits) throws IOException {
        multiply(input, output, tensors, List.of(), bits);
    }

    /**
     * Adds {@code output = input * matrix transposed + bias}.
     *
     * @param tensors stacked one below the other to one matrix
     * @param biases strung together to one vector; none is added when there are none
     */
    void multiply(String input, String output, List<Tensor> tensors, List<Tensor> biases, int bits) throws IOException {
        if (biases.isEmpty()) {
            product(input, output, tensors, bits);
            return;
        }
        product(input, output + ".product", tensors, bits);
        graph.constant(output + ".bias", strung(biases));
        OnnxGraph.Type type = graph.type(output + ".product");
        graph.node(ONNX, "Add", List.of(output + ".product", graph.as(type, output + ".bias")), List.of(output));
        graph.typed(output, type);
    }

    private static float[] strung(List<Tensor> vectors) {
        float[] all = new float
                [Math.toIntExact(vectors.stream()
                        .mapToLong(vector -> vector.info().elements())
                        .sum())];
        int at = 0;
        for (Tensor vector : vectors) {
            int count = Math.toIntExact(vector.info().elements());
            vector.read(0, all, at, count);
            at += count;
        }
        return all;
    }

    private void product(String input, String output, List<Tensor> tensors, int bits) throws IOException {
        StackedRows matrix = new StackedRows(tensors);
        if (bits >= 16) {
            whole(input, output, matrix, bits == 32 ? DataType.F32 : sixteenBits(tensors));
        } else {
            quantized(input, output, matrix, bits);
        }
        matrix.release();
    }

    /** Keeps the type that all have, if it is one of 16 bits. */
    private static DataType sixteenBits(List<Tensor> tensors) {
        return tensors.stream().allMatch(tensor -> tensor.info().dtype() == DataType.F16)
                ? DataType.F16
                : DataType.BF16;
    }

    private void whole(String input, String output, StackedRows matrix, DataType type) throws IOException {
        long bytes = Math.multiplyExact(matrix.rows(), (long) matrix.columns() * type.bytes());
        long offset = weights.reserve(bytes);
        rounder.whole(matrix, type, offset);
        String name = output + ".weight";
        graph.weights(name, OnnxGraph.Type.of(type), offset, bytes, matrix.rows(), matrix.columns());
        graph.typed(name, OnnxGraph.Type.of(type));
        OnnxGraph.Type computed = type == DataType.F32 ? OnnxGraph.Type.FLOAT : graph.arithmetic();
        graph.node(
                ORT,
                "FusedMatMul",
                List.of(graph.as(computed, input), graph.as(computed, name)),
                List.of(output),
                attribute("transB", 1));
        graph.typed(output, computed);
    }

    private void quantized(String input, String output, StackedRows matrix, int bits) throws IOException {
        long rows = matrix.rows();
        int columns = matrix.columns();
        long inRow = blocks.inRow(columns);
        long blockBytes = (long) blocks.size() * bits / 8;
        long zeroPointBytes = blocks.zeroPointBytes(columns, bits);
        Place place = new Place(
                weights.reserve(rows * inRow * blockBytes),
                weights.reserve(4 * rows * inRow),
                weights.reserve(rows * zeroPointBytes));
        rounder.round(matrix, bits, calibration.inputs(input, columns), place);
        String name = output + ".weight";
        graph.weights(name, OnnxGraph.Type.BYTES, place.weights(), rows * inRow * blockBytes, rows, inRow, blockBytes);
        graph.weights(output + ".scales", OnnxGraph.Type.FLOAT, place.scales(), 4 * rows * inRow, rows, inRow);
        OnnxGraph.Type computed = graph.arithmetic();
        List<String> inputs =
                new ArrayList<>(List.of(graph.as(computed, input), name, graph.as(computed, output + ".scales")));
        if (!blocks.symmetric()) {
            String zeroPoints = output + ".zero_points";
            graph.weights(
                    zeroPoints, OnnxGraph.Type.BYTES, place.zeroPoints(), rows * zeroPointBytes, rows, zeroPointBytes);
            inputs.add(zeroPoints);
        }
        graph.node(
                ORT,
                "MatMulNBits",
                inputs,
                List.of(output),
                attribute("K", columns),
                attribute("N", rows),
                attribute("bits", bits),
                attribute("block_size", blocks.size()),
                attribute("accuracy_level", 4));
        graph.typed(output, computed);
    }
}
