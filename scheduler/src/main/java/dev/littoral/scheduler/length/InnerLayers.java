package dev.littoral.scheduler.length;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes inner tensors of an ONNX graph its outputs, and leaves out what only the old outputs needed. */
final class InnerLayers {

    static final String FOURTH = "/encoder/layer.3/output/LayerNorm/Add_1_output_0";
    static final String FIFTH = "/encoder/layer.4/output/LayerNorm/Add_1_output_0";

    private InnerLayers() {}

    /**
     * Rewrites a model.
     *
     * @throws IllegalArgumentException when the graph lacks a tensor
     */
    static ModelProto outputs(ModelProto model, List<String> tensors) {
        ModelProto.Builder whole = model.toBuilder();
        GraphProto.Builder graph = whole.getGraphBuilder();
        Map<String, NodeProto> producers = new HashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producers.put(output, node));
        }
        Set<String> needed = new HashSet<>();
        Set<NodeProto> kept = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(tensors);
        while (!open.isEmpty()) {
            String tensor = open.pop();
            if (needed.add(tensor) && producers.containsKey(tensor)) {
                kept.add(producers.get(tensor));
                open.addAll(producers.get(tensor).getInputList());
            }
        }
        List<NodeProto> nodes =
                graph.getNodeList().stream().filter(kept::contains).toList();
        List<TensorProto> initializers = graph.getInitializerList().stream()
                .filter(tensor -> needed.contains(tensor.getName()))
                .toList();
        List<ValueInfoProto> inputs = graph.getInputList().stream()
                .filter(input -> needed.contains(input.getName()))
                .toList();
        graph.clearNode().addAllNode(nodes).clearInput().addAllInput(inputs);
        graph.clearInitializer().addAllInitializer(initializers).clearValueInfo();
        graph.clearOutput();
        for (String tensor : tensors) {
            if (!producers.containsKey(tensor)) {
                throw new IllegalArgumentException("the encoder has no tensor " + tensor);
            }
            graph.addOutput(ValueInfoProto.newBuilder()
                    .setName(tensor)
                    .setType(TypeProto.newBuilder()
                            .setTensorType(
                                    TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE))));
        }
        return whole.build();
    }
}
