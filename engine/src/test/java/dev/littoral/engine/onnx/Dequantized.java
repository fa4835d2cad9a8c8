package dev.littoral.engine.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Replaces each quantized product of a prepared stage by one with the numbers that its steps stand for. */
final class Dequantized {

    private final byte[] weights;
    private final Map<String, TensorProto> tensors = new HashMap<>();

    private Dequantized(byte[] weights) {
        this.weights = weights;
    }

    /** Writes the graph of a prepared stage anew, and gives how many products were replaced. */
    static int rewrite(Path prepared) throws IOException {
        Path model = prepared.resolve("model.onnx");
        ModelProto before = ModelProto.parseFrom(Files.readAllBytes(model));
        Dequantized numbers = new Dequantized(Files.readAllBytes(prepared.resolve("weights.bin")));
        before.getGraph().getInitializerList().forEach(tensor -> numbers.tensors.put(tensor.getName(), tensor));
        GraphProto.Builder graph = before.getGraph().toBuilder().clearNode();
        int replaced = 0;
        for (NodeProto node : before.getGraph().getNodeList()) {
            if (node.getOpType().equals("MatMulNBits")) {
                graph.addInitializer(numbers.matrix(node));
                graph.addNode(NodeProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setOpType("FusedMatMul")
                        .setName(node.getName())
                        .addInput(node.getInput(0))
                        .addInput(node.getName() + ".plain")
                        .addOutput(node.getOutput(0))
                        .addAttribute(OnnxGraph.attribute("transB", 1)));
                replaced++;
            } else {
                graph.addNode(node);
            }
        }
        Files.write(model, before.toBuilder().setGraph(graph).build().toByteArray());
        return replaced;
    }

    private TensorProto matrix(NodeProto node) {
        Map<String, Integer> attributes = new HashMap<>();
        for (AttributeProto attribute : node.getAttributeList()) {
            attributes.put(attribute.getName(), (int) attribute.getI());
        }
        int columns = attributes.getOrDefault("K", 0);
        int rows = attributes.getOrDefault("N", 0);
        int bits = attributes.getOrDefault("bits", 0);
        int size = attributes.getOrDefault("block_size", 0);
        int blocks = (columns + size - 1) / size;
        ByteBuffer codes = data(node.getInput(1));
        ByteBuffer scales = data(node.getInput(2));
        boolean zeroPoints = node.getInputCount() > 3;
        ByteBuffer zeros = zeroPoints ? data(node.getInput(3)) : ByteBuffer.allocate(0);
        ByteBuffer plain = ByteBuffer.allocate(4 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows; row++) {
            for (int c = 0; c < columns; c++) {
                int code = bits(codes, row * blocks * size * bits / 8, c, bits);
                int block = c / size;
                int zero = zeroPoints ? bits(zeros, row * ((blocks * bits + 7) / 8), block, bits) : 1 << (bits - 1);
                plain.putFloat((code - zero) * scales.getFloat(4 * (row * blocks + block)));
            }
        }
        return TensorProto.newBuilder()
                .setName(node.getName() + ".plain")
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addDims(rows)
                .addDims(columns)
                .setRawData(ByteString.copyFrom(plain.flip()))
                .build();
    }

    private static int bits(ByteBuffer packed, int from, int index, int bits) {
        return packed.get(from + index * bits / 8) >> (index * bits % 8) & (1 << bits) - 1;
    }

    private ByteBuffer data(String name) {
        Map<String, Integer> place = new HashMap<>();
        TensorProto tensor = tensors.getOrDefault(name, TensorProto.getDefaultInstance());
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            if (!entry.getKey().equals("location")) {
                place.put(entry.getKey(), Integer.parseInt(entry.getValue()));
            }
        }
        return ByteBuffer.wrap(weights)
                .slice(place.getOrDefault("offset", 0), place.getOrDefault("length", 0))
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
