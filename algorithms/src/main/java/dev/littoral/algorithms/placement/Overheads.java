package dev.littoral.algorithms.placement;

/**
 * What every stage takes besides its weights and KV cache.
 *
 * @param runtimeBytes the agent's process without a model
 * @param activationBytes buffers of a forward pass
 * @param headroom share of weights, KV cache and activations that stays free, such as 0.2
 */
public record Overheads(long runtimeBytes, long activationBytes, double headroom) {

    public Overheads {
        Require.notNegative("runtimeBytes", runtimeBytes);
        Require.notNegative("activationBytes", activationBytes);
        Require.notNegative("headroom", headroom);
    }
}
