package dev.littoral.operator.quantizationvariant;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.crds.QuantizationVariantSpec;
import java.util.List;
import java.util.Optional;

/** Translates a variant into how the weights of a model are stored. */
public final class VariantQuantization {

    private VariantQuantization() {}

    /**
     * Lays the variant's groups over the bits of each layer.
     *
     * @param perLayer bits of each layer of the model
     */
    public static Quantization of(QuantizationVariantSpec variant, List<Integer> perLayer) {
        List<LayerBits> layers = perLayer.stream()
                .map(bits -> new LayerBits(
                        Optional.ofNullable(variant.attentionBits()).orElse(bits),
                        Optional.ofNullable(variant.mlpBits()).orElse(bits)))
                .toList();
        return new Quantization(layers, variant.edgeBits(), new Blocks(variant.groupSize(), variant.symmetric()));
    }
}
