package dev.littoral.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names the tensors of a Llama checkpoint. */
public final class LlamaTensors {

    /** Names the embedding. */
    public static final String EMBEDDING = "model.embed_tokens.weight";

    /** Names the norm before the head. */
    public static final String FINAL_NORM = "model.norm.weight";

    private LlamaTensors() {}

    /** Names a tensor of a layer, such as {@code self_attn.q_proj}. */
    public static String layer(int layer, String part) {
        return "model.layers." + layer + "." + part + ".weight";
    }

    /** Names the output head: the embedding when they are tied. */
    public static String head(ModelConfig config) {
        return config.tiedEmbeddings() ? EMBEDDING : "lm_head.weight";
    }

    /** Lists every tensor that must be there; a vector has one row. */
    static Map<String, MatrixShape> of(ModelConfig config) {
        long hidden = config.hiddenSize();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        long ffn = config.ffnSize();
        Map<String, MatrixShape> tensors = new LinkedHashMap<>();
        tensors.put(EMBEDDING, new MatrixShape(config.vocabularySize(), hidden));
        for (int i = 0; i < config.layers(); i++) {
            tensors.put(layer(i, "input_layernorm"), new MatrixShape(1, hidden));
            tensors.put(layer(i, "self_attn.q_proj"), new MatrixShape(queries, hidden));
            tensors.put(layer(i, "self_attn.k_proj"), new MatrixShape(keys, hidden));
            tensors.put(layer(i, "self_attn.v_proj"), new MatrixShape(keys, hidden));
            tensors.put(layer(i, "self_attn.o_proj"), new MatrixShape(hidden, queries));
            tensors.put(layer(i, "post_attention_layernorm"), new MatrixShape(1, hidden));
            tensors.put(layer(i, "mlp.gate_proj"), new MatrixShape(ffn, hidden));
            tensors.put(layer(i, "mlp.up_proj"), new MatrixShape(ffn, hidden));
            tensors.put(layer(i, "mlp.down_proj"), new MatrixShape(hidden, ffn));
        }
        tensors.put(FINAL_NORM, new MatrixShape(1, hidden));
        tensors.put(head(config), new MatrixShape(config.vocabularySize(), hidden));
        return tensors;
    }
}
