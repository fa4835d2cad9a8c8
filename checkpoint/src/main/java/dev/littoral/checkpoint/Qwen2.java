package dev.littoral.checkpoint;

/** Qwen2 and Qwen2.5: Llama with biases on queries, keys and values, and windows where they are switched on. */
final class Qwen2 implements Architecture {

    @Override
    public String name() {
        return "Qwen2ForCausalLM";
    }

    @Override
    public String modelType() {
        return "qwen2";
    }

    @Override
    public Blueprint blueprint() {
        return Blueprint.LLAMA.with(Trait.QUERY_KEY_VALUE_BIAS);
    }

    @Override
    public ModelConfig read(ModelFields fields) {
        fields.refuse("mlp_bias");
        int headDim = fields.headDim(fields.hiddenSize() / fields.heads());
        Rotary rotary = fields.rotary(headDim);
        return fields.model(
                this,
                fields.kvHeads(Math.min(32, fields.heads())),
                headDim,
                Attention.within(fields.switchedWindows(), headDim, rotary));
    }
}
