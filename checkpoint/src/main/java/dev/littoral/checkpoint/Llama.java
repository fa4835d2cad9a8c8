package dev.littoral.checkpoint;

/** Llama 2 and 3, and the many that share their layers. */
final class Llama implements Architecture {

    @Override
    public String name() {
        return "LlamaForCausalLM";
    }

    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public Blueprint blueprint() {
        return Blueprint.LLAMA;
    }

    @Override
    public ModelConfig read(ModelFields fields) {
        fields.refuse("attention_bias", "mlp_bias", "sliding_window", "layer_types");
        int headDim = fields.headDim(fields.hiddenSize() / fields.heads());
        Rotary rotary = fields.rotary(headDim);
        return fields.model(
                this, fields.kvHeads(fields.heads()), headDim, Attention.everywhere(fields.layers(), headDim, rotary));
    }
}
