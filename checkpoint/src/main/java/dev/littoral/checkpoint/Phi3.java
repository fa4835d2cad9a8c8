package dev.littoral.checkpoint;

import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Phi 3 and 4: Llama whose projections are stored as one, and whose heads may be rotated in part. */
final class Phi3 implements Architecture {

    /** What transformers takes where config.json itself has no original_max_position_embeddings. */
    private static final int ORIGINAL_TOKENS = 4096;

    @Override
    public String name() {
        return "Phi3ForCausalLM";
    }

    @Override
    public String modelType() {
        return "phi3";
    }

    @Override
    public Blueprint blueprint() {
        return new Blueprint(List.of("self_attn.qkv_proj"), List.of("mlp.gate_up_proj"), Activation.SILU, Set.of());
    }

    @Override
    public ModelConfig read(ModelFields fields) {
        fields.refuse("attention_bias", "mlp_bias", "layer_types");
        int headDim = fields.headDim(fields.hiddenSize() / fields.heads());
        Rotary rotary = fields.partialRotary(headDim, ORIGINAL_TOKENS);
        return fields.model(
                this,
                fields.kvHeads(fields.heads()),
                headDim,
                Attention.within(Collections.nCopies(fields.layers(), fields.window(0)), headDim, rotary),
                1e-5,
                false);
    }
}
