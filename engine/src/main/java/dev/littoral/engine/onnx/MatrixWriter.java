package dev.littoral.engine.onnx;

import static dev.littoral.engine.onnx.OnnxGraph.ONNX;
import static dev.littoral.engine.onnx.OnnxGraph.ORT;
import static dev.littoral.engine.onnx.OnnxGraph.attribute;

import dev.littoral.checkpoint.Tensor;
import java.io.IOException;
import java.util.List;

/** Writes matrices of weights at their bit width, row by row, and adds the node that multiplies by them. */
final class MatrixWriter {

    private final OnnxGraph graph;
    private final WeightWriter weights;
    private final int blockSize;

    MatrixWriter(OnnxGraph graph, WeightWriter weights, int blockSize) {
        this.graph = graph;
        this.weights = weights;
        this.blockSize = blockSize;
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
        graph.node(ONNX, "Add", List.of(output + ".product", output + ".bias"), List.of(output));
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
        long rows = 0;
        for (Tensor tensor : tensors) {
            rows += tensor.info().shape().getFirst();
        }
        int columns = Math.toIntExact(tensors.getFirst().info().shape().getLast());
        if (bits == 32) {
            whole(input, output, tensors, rows, columns);
        } else {
            quantized(input, output, tensors, rows, columns, new BlockQuantizer(bits, blockSize), bits);
        }
    }

    private void whole(String input, String output, List<Tensor> tensors, long rows, int columns) throws IOException {
        long offset = weights.begin();
        float[] row = new float[columns];
        for (Tensor tensor : tensors) {
            for (long i = 0; i < tensor.info().shape().getFirst(); i++) {
                tensor.read(i * columns, row);
                weights.put(row, columns);
            }
        }
        String matrix = output + ".weight";
        graph.weights(matrix, OnnxGraph.Type.FLOAT, offset, weights.position() - offset, rows, columns);
        graph.node(ORT, "FusedMatMul", List.of(input, matrix), List.of(output), attribute("transB", 1));
    }

    private void quantized(
            String input,
            String output,
            List<Tensor> tensors,
            long rows,
            int columns,
            BlockQuantizer quantizer,
            int bits)
            throws IOException {
        int blocks = quantizer.blocks(columns);
        float[] row = new float[columns];
        byte[] packed = new byte[quantizer.packedBytes(columns)];
        float[] scales = new float[Math.toIntExact(rows * blocks)];
        int firstScale = 0;
        long offset = weights.begin();
        for (Tensor tensor : tensors) {
            for (long i = 0; i < tensor.info().shape().getFirst(); i++) {
                tensor.read(i * columns, row);
                quantizer.quantize(row, packed, scales, firstScale);
                weights.put(packed);
                firstScale += blocks;
            }
        }
        String matrix = output + ".weight";
        graph.weights(
                matrix,
                OnnxGraph.Type.BYTES,
                offset,
                weights.position() - offset,
                rows,
                blocks,
                packed.length / blocks);
        long scaleOffset = weights.begin();
        weights.put(scales, scales.length);
        graph.weights(
                output + ".scales", OnnxGraph.Type.FLOAT, scaleOffset, weights.position() - scaleOffset, rows, blocks);
        graph.node(
                ORT,
                "MatMulNBits",
                List.of(input, matrix, output + ".scales"),
                List.of(output),
                attribute("K", columns),
                attribute("N", rows),
                attribute("bits", bits),
                attribute("block_size", blockSize),
                attribute("accuracy_level", 4));
    }
}
