package dev.littoral.operator.quantizationvariant;

import dev.littoral.checkpoint.ModelShape;
import dev.littoral.crds.LanguageModel;
import dev.littoral.crds.LanguageModelStatus;
import dev.littoral.crds.QuantizationVariantSpec;
import dev.littoral.operator.languagemodel.ModelStatuses;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What came of applying a variant to its model. */
sealed interface VariantBits {

    /**
     * The variant fits.
     *
     * @param perLayer bits of each layer
     * @param sizeBytes of the whole model's weights in this variant
     */
    record Chosen(List<Integer> perLayer, long sizeBytes) implements VariantBits {}

    /** The variant does not fit, or not yet. */
    record Open(VariantReason reason, String message) implements VariantBits {}

    /** Applies a variant to its model, which may not be there. */
    static VariantBits of(QuantizationVariantSpec variant, Optional<LanguageModel> model) {
        if (model.isEmpty()) {
            return new Open(
                    VariantReason.ModelNotFound,
                    "there is no LanguageModel %s in this namespace".formatted(variant.model()));
        }
        return model.flatMap(m -> Optional.ofNullable(m.getStatus()))
                .flatMap((LanguageModelStatus status) -> ModelStatuses.shape(status))
                .map(shape -> of(variant, shape))
                .orElseGet(() -> new Open(
                        VariantReason.ModelNotReady,
                        "the LanguageModel %s is not ready; see its conditions".formatted(variant.model())));
    }

    private static VariantBits of(QuantizationVariantSpec variant, ModelShape shape) {
        List<Integer> bits =
                variant.bits() == null ? variant.bitsPerLayer() : Collections.nCopies(shape.layers(), variant.bits());
        if (bits.size() != shape.layers()) {
            return new Open(
                    VariantReason.LayersDiffer,
                    "bitsPerLayer has %d numbers but the LanguageModel %s has %d layers; give one number per layer"
                            .formatted(bits.size(), variant.model(), shape.layers()));
        }
        return new Chosen(
                List.copyOf(bits),
                shape.embeddingBytes() + shape.preparedBytes(0, VariantQuantization.of(variant, bits)));
    }
}
