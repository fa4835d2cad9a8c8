package dev.littoral.operator.modeldeployment;

import dev.littoral.checkpoint.ModelShape;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.crds.Strategy;
import dev.littoral.operator.languagemodel.Place;
import java.util.List;

/**
 * What a deployment asks for, with every name looked up.
 *
 * @param place how a pod comes to the checkpoint
 * @param shape of the model
 * @param variants the most wanted first, at least one
 * @param contextTokens longest prompt and answer together
 * @param slots requests at once per replica
 * @param strategy in how many stages
 */
record Demand(
        Place place,
        ModelShape shape,
        List<DemandedVariant> variants,
        int contextTokens,
        int slots,
        Strategy strategy) {

    Demand {
        variants = List.copyOf(variants);
    }

    /** Finds the variant of a name that a plan took from here. */
    DemandedVariant variant(String name) {
        return variants.stream()
                .filter(variant -> variant.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * A variant that will do.
     *
     * @param quantization of the whole model
     * @param kvBits of each number of keys and values
     */
    record DemandedVariant(String name, Quantization quantization, int kvBits) {}
}
