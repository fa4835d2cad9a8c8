package dev.littoral.engine.onnx;

import static dev.littoral.engine.onnx.OnnxGraph.ORT;
import static dev.littoral.engine.onnx.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.quantize.Calibration;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds attention with its cache of keys and values at 32, 16 or 8 bits.
 *
 * <p>At 16 bits, and wherever the graph computes with 16, ONNX Runtime wants all of attention at 16, so what goes in is
 * cast, and what comes out is cast back where it must be. At 8 bits it wants one scale for each number of a head that never changes: it comes from calibration.
 */
final class KvCacheNodes {

    /** What calibration did not see may be somewhat larger than what it saw; beyond that it is cut off. */
    private static final float MARGIN = 1.1f;

    private final ModelConfig config;
    private final OnnxGraph graph;
    private final int bits;
    private final Calibration calibration;

    KvCacheNodes(ModelConfig config, OnnxGraph graph, int bits, Calibration calibration) {
        this.config = config;
        this.graph = graph;
        this.bits = bits;
        this.calibration = calibration;
    }

    /** Gives the type of the cache's numbers. */
    static OnnxGraph.Type type(int bits) {
        return switch (bits) {
            case 32 -> OnnxGraph.Type.FLOAT;
            case 16 -> OnnxGraph.Type.HALF;
            case 8 -> OnnxGraph.Type.SIGNED_BYTES;
            default -> throw new IllegalArgumentException("a cache of " + bits + " bits is not known");
        };
    }

    /** Adds the inputs and outputs of a layer's cache. */
    void declare(int layer) {
        for (String kind : List.of("key_", "value_")) {
            graph.input("past_" + kind + layer, type(bits), "sequences", config.kvHeads(), "past", config.headDim());
            graph.output(
                    "present_" + kind + layer, type(bits), "sequences", config.kvHeads(), "present", config.headDim());
        }
    }

    /**
     * Adds attention.
     *
     * @param inputs query, key, value, past key and value, last position, total length, rotary tables
     */
    void attend(int layer, String output, List<String> inputs, List<AttributeProto> attributes) {
        List<String> all = new ArrayList<>(inputs);
        List<AttributeProto> with = new ArrayList<>(attributes);
        OnnxGraph.Type computed = bits == 16 ? OnnxGraph.Type.HALF : graph.arithmetic();
        List.of(0, 1, 2, 7, 8).forEach(i -> all.set(i, graph.as(computed, all.get(i))));
        switch (bits) {
            case 8 -> {
                all.addAll(List.of("", "", ""));
                all.add(scale(layer, "key"));
                all.add(scale(layer, "value"));
                with.add(attribute("k_quant_type", "PER_CHANNEL"));
                with.add(attribute("v_quant_type", "PER_CHANNEL"));
                with.add(attribute("kv_cache_bit_width", 8));
            }
            default -> {
                // the type says it all
            }
        }
        graph.node(
                ORT,
                "GroupQueryAttention",
                all,
                List.of(output, "present_key_" + layer, "present_value_" + layer),
                with.toArray(AttributeProto[]::new));
        graph.typed(output, computed);
    }

    private String scale(int layer, String kind) {
        String name = "layer" + layer + "." + kind;
        int numbers = config.kvHeads() * config.headDim();
        float[] scales = calibration
                .magnitudes(name, numbers)
                .orElseThrow(() -> new EngineException("kvBits 8 needs to know how large keys and values get, but "
                        + Calibration.FILE + " beside the checkpoint has no " + name
                        + "; run kubectl-littoral model calibrate, or take 16 or 32 bits"));
        for (int i = 0; i < numbers; i++) {
            scales[i] = Math.max(scales[i] * MARGIN / 127, Float.MIN_NORMAL);
        }
        graph.constant(name + ".scale", scales, 1, config.kvHeads(), 1, config.headDim());
        return name + ".scale";
    }
}
