package dev.littoral.checkpoint;

import java.util.Collections;

/** Mistral: Llama whose layers may see only the last tokens. */
final class Mistral implements Architecture {

    private static final int DEFAULT_WINDOW = 4096;

    @Override
    public String name() {
        return "MistralForCausalLM";
    }

    @Override
    public String modelType() {
        return "mistral";
    }

    @Override
    public Blueprint blueprint() {
        return Blueprint.LLAMA;
    }

    @Override
    public ModelConfig read(ModelFields fields) {
        fields.refuse("attention_bias", "mlp_bias", "layer_types");
        int headDim = fields.headDim(fields.hiddenSize() / fields.heads());
        Rotary rotary = fields.rotary(headDim);
        int window = fields.window(DEFAULT_WINDOW);
        return fields.model(
                this,
                fields.kvHeads(8),
                headDim,
                Attention.within(Collections.nCopies(fields.layers(), window), headDim, rotary));
    }
}
