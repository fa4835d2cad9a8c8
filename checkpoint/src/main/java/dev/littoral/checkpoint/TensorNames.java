package dev.littoral.checkpoint;

/** Names the tensors that checkpoints of all architectures have in common. */
public final class TensorNames {

    /** Names the embedding. */
    public static final String EMBEDDING = "model.embed_tokens.weight";

    /** Names the norm before the head. */
    public static final String FINAL_NORM = "model.norm.weight";

    private TensorNames() {}

    /** Names a tensor of a layer, such as {@code self_attn.q_proj.weight}. */
    public static String layer(int layer, String part) {
        return "model.layers." + layer + "." + part;
    }

    /** Names the output head: the embedding when they are tied. */
    public static String head(ModelConfig config) {
        return config.tiedEmbeddings() ? EMBEDDING : "lm_head.weight";
    }
}
