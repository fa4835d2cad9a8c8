package dev.littoral.algorithms.placement;

/**
 * What one decoder layer costs at the bit width its variant gives it.
 *
 * @param bits bits per weight
 * @param weightBytes resident bytes of its weights, scales included
 * @param kvBytes bytes of its share of the KV cache, over all slots at the full context
 * @param flops floating point operations per generated token
 */
public record Layer(int bits, long weightBytes, long kvBytes, double flops) {

    public Layer {
        if (bits < 1 || bits > 32) {
            throw new IllegalArgumentException("bits must be between 1 and 32: " + bits);
        }
        Require.notNegative("weightBytes", weightBytes);
        Require.notNegative("kvBytes", kvBytes);
        Require.notNegative("flops", flops);
    }
}
