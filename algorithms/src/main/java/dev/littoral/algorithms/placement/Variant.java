package dev.littoral.algorithms.placement;

import java.util.List;

/**
 * One quantization of a model: what each of its layers costs. Joint choice of bit widths and cuts will offer several
 * widths per layer here; today the widths are given.
 *
 * @param name the variant's name, for the explanation
 * @param layers the decoder layers in order, at least one
 * @param tokenizerBytes resident bytes of the tokenizer, paid by the first stage
 * @param head the output norm and projection, paid by the last stage
 */
public record Variant(String name, List<Layer> layers, long tokenizerBytes, Layer head) {

    public Variant {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("variant " + name + " has no layers");
        }
        Require.notNegative("tokenizerBytes", tokenizerBytes);
    }
}
