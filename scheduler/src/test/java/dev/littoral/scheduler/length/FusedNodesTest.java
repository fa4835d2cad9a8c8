package dev.littoral.scheduler.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FusedNodesTest {

    private static final int HEADS = 12;
    private static final int WORDS = 30_000;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

    @Test
    void theFusedEncoderReadsAsTheExportedOne() throws IOException, OrtException {
        ModelProto exported = exported();
        List<String> layers = List.of(InnerLayers.FOURTH, InnerLayers.FIFTH);
        try (OrtSession plain = session(InnerLayers.outputs(exported, layers));
                OrtSession fused = session(InnerLayers.outputs(FusedNodes.in(exported, HEADS), layers))) {
            Random random = new Random(5);
            for (int tokens : new int[] {2, 3, 66, 256}) {
                long[] ids = random.longs(tokens, 1, WORDS).toArray();
                float[][] expected = means(plain, ids);
                float[][] actual = means(fused, ids);
                for (int layer = 0; layer < expected.length; layer++) {
                    // activations are rounded to 8 bits at each product, so a last bit may become a step of 1/255
                    assertThat(cosine(expected[layer], actual[layer]))
                            .as("layer %d of %d tokens", layer, tokens)
                            .isCloseTo(1, within(1e-3));
                }
            }
        }
    }

    @Test
    void aNormThatIsSpeltOtherwiseIsRefusedByName() throws IOException {
        ModelProto.Builder model = exported().toBuilder();
        String norm = "/encoder/layer.2/output/LayerNorm/Add_1";
        List<NodeProto> nodes = model.getGraph().getNodeList().stream()
                .map(node -> node.getName().equals(norm)
                        ? node.toBuilder().clearInput().addInput("a").build()
                        : node)
                .toList();
        model.getGraphBuilder().clearNode().addAllNode(nodes);

        assertThatThrownBy(() -> FusedNodes.in(model.build(), HEADS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(norm);
    }

    private static ModelProto exported() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(FusedNodesTest.class.getResourceAsStream("/all-minilm-l6-v2-q.onnx"))) {
            return ModelProto.parseFrom(file);
        }
    }

    private OrtSession session(ModelProto model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            return environment.createSession(model.toByteArray(), options);
        }
    }

    private float[][] means(OrtSession session, long[] ids) throws OrtException {
        long[] shape = {1, ids.length};
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        inputs.put("input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape));
        inputs.put("attention_mask", OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape));
        inputs.put(
                "token_type_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape));
        inputs.keySet().retainAll(session.getInputNames());
        try (OrtSession.Result states = session.run(inputs)) {
            float[][] means = new float[states.size()][];
            for (int layer = 0; layer < means.length; layer++) {
                FloatBuffer buffer = ((OnnxTensor) states.get(layer)).getFloatBuffer();
                TokenStates tokens = TokenStates.of(buffer);
                means[layer] = tokens.mean(0, tokens.tokens());
            }
            return means;
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squareA += (double) a[i] * a[i];
            squareB += (double) b[i] * b[i];
        }
        return product / Math.sqrt(squareA * squareB);
    }
}
