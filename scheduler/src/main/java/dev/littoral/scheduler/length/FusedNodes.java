package dev.littoral.scheduler.length;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Puts one node of ONNX Runtime in place of the many that an exported BERT spells out, where the runtime's own
 * optimiser does not: a sum with the norm behind it, and attention. The tensors keep their names; what then nobody reads
 * is left to whoever prunes the graph.
 *
 * <p>Attention loses its mask: a prompt is read alone, so nothing of it is padding.
 */
final class FusedNodes {

    private static final String DOMAIN = "com.microsoft";

    private static final String NORM_END = "/LayerNorm/Add_1";
    private static final String ATTENTION_END = "/attention/self/Reshape_3";
    private static final float EPSILON = 1e-12f;

    private final int heads;
    private final Map<String, NodeProto> producers = new HashMap<>();

    private FusedNodes(List<NodeProto> nodes, int heads) {
        this.heads = heads;
        nodes.forEach(node -> node.getOutputList().forEach(output -> producers.put(output, node)));
    }

    /**
     * Rewrites a model; the nodes keep their order.
     *
     * @param heads of each attention
     * @throws IllegalArgumentException when a norm or an attention is spelt otherwise
     */
    static ModelProto in(ModelProto model, int heads) {
        ModelProto.Builder whole = model.toBuilder();
        List<NodeProto> nodes = whole.getGraph().getNodeList();
        FusedNodes fused = new FusedNodes(nodes, heads);
        List<NodeProto> replaced = nodes.stream().map(fused::replaced).toList();
        whole.getGraphBuilder().clearNode().addAllNode(replaced);
        whole.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(DOMAIN).setVersion(1));
        return whole.build();
    }

    private NodeProto replaced(NodeProto node) {
        if (node.getName().endsWith(NORM_END)) {
            return norm(node);
        }
        if (node.getName().endsWith(ATTENTION_END)) {
            return attention(node);
        }
        return node;
    }

    private NodeProto norm(NodeProto last) {
        NodeProto scaled = producer(last, input -> !input.endsWith(".bias"));
        NodeProto divided = producer(scaled, input -> !input.endsWith(".weight"));
        NodeProto centred = producer(divided, input -> input.endsWith("/Sub_output_0"));
        NodeProto sum = producer(centred, input -> !input.endsWith("/ReduceMean_output_0"));
        if (!sum.getOpType().equals("Add")) {
            throw new IllegalArgumentException("no sum stands before the norm " + last.getName());
        }
        return replacing(last, "SkipLayerNormalization")
                .addAllInput(sum.getInputList())
                .addInput(input(scaled, name -> name.endsWith(".weight")))
                .addInput(input(last, name -> name.endsWith(".bias")))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("epsilon")
                        .setType(AttributeProto.AttributeType.FLOAT)
                        .setF(EPSILON))
                .build();
    }

    private NodeProto attention(NodeProto last) {
        String self = last.getName().substring(0, last.getName().lastIndexOf('/'));
        List<String> inputs =
                List.of(self + "/query/Add_output_0", self + "/key/Add_output_0", self + "/value/Add_output_0");
        if (!producers.keySet().containsAll(inputs)) {
            throw new IllegalArgumentException("query, key or value of " + self + " is missing");
        }
        return replacing(last, "MultiHeadAttention")
                .addAllInput(inputs)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("num_heads")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(heads))
                .build();
    }

    private static NodeProto.Builder replacing(NodeProto node, String operator) {
        return NodeProto.newBuilder()
                .setName(node.getName())
                .setDomain(DOMAIN)
                .setOpType(operator)
                .addAllOutput(node.getOutputList());
    }

    private NodeProto producer(NodeProto node, Predicate<String> which) {
        NodeProto producer = producers.get(input(node, which));
        if (producer == null) {
            throw new IllegalArgumentException("nothing stands before " + node.getName());
        }
        return producer;
    }

    private static String input(NodeProto node, Predicate<String> which) {
        return node.getInputList().stream()
                .filter(which)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(node.getName() + " is spelt otherwise"));
    }
}
