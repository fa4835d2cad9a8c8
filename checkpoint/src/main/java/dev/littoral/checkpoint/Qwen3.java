package dev.littoral.checkpoint;

/** Qwen3: Llama with normalized queries and keys, and a head size of its own. */
final class Qwen3 implements Architecture {

    @Override
    public String name() {
        return "Qwen3ForCausalLM";
    }

    @Override
    public String modelType() {
        return "qwen3";
    }

    @Override
    public Blueprint blueprint() {
        return Blueprint.LLAMA.with(Trait.HEAD_NORMS);
    }

    @Override
    public ModelConfig read(ModelFields fields) {
        fields.refuse("attention_bias", "mlp_bias");
        int headDim = fields.headDim(128);
        Rotary rotary = fields.rotary(headDim);
        return fields.model(
                this,
                fields.kvHeads(Math.min(32, fields.heads())),
                headDim,
                Attention.within(fields.switchedWindows(), headDim, rotary));
    }
}
