package dev.littoral.checkpoint;

import dev.littoral.checkpoint.Attention.Sight;
import java.util.List;

/** Gemma 3 without images: local layers between global ones, norms on both sides, scaled embeddings. */
final class Gemma3 implements Architecture {

    private static final int DEFAULT_WINDOW = 4096;
    private static final int DEFAULT_PATTERN = 6;

    @Override
    public String name() {
        return "Gemma3ForCausalLM";
    }

    @Override
    public String modelType() {
        return "gemma3_text";
    }

    @Override
    public Blueprint blueprint() {
        return Blueprint.LLAMA
                .with(
                        Trait.HEAD_NORMS,
                        Trait.NORMS_AFTER,
                        Trait.NORM_ADDS_ONE,
                        Trait.SCALED_EMBEDDING,
                        Trait.WINDOW_POSITIONS)
                .with(Activation.GELU_TANH);
    }

    @Override
    public ModelConfig read(ModelFields fields) {
        fields.refuse("attention_bias", "mlp_bias");
        int headDim = fields.headDim(256);
        int pattern = fields.positive("sliding_window_pattern", DEFAULT_PATTERN);
        List<Integer> windows = fields.windows(fields.window(DEFAULT_WINDOW), layer -> (layer + 1) % pattern != 0);
        Rotary global = fields.globalRotary(headDim, 1_000_000);
        Rotary local = fields.localRotary(headDim, 10_000);
        return fields.model(
                this,
                fields.kvHeads(4),
                headDim,
                new Attention(
                        1 / Math.sqrt(fields.positive("query_pre_attn_scalar", 256)),
                        windows.stream()
                                .map(window -> new Sight(window, window > 0 ? local : global))
                                .toList()),
                1e-6,
                true);
    }
}
