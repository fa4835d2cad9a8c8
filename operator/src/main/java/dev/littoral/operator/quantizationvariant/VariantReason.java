package dev.littoral.operator.quantizationvariant;

import dev.littoral.operator.status.Reason;

/** Why a QuantizationVariant is ready or not. */
public enum VariantReason implements Reason {
    /** The bits of every layer and the size are known. */
    BitsChosen,
    /** There is no LanguageModel of that name in the namespace. */
    ModelNotFound,
    /** The LanguageModel is not ready. */
    ModelNotReady,
    /** The list of bits has not as many numbers as the model has layers. */
    LayersDiffer
}
