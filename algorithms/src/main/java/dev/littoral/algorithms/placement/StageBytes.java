package dev.littoral.algorithms.placement;

/**
 * The memory of one stage, item by item, in bytes.
 *
 * @param weights weights, with the tokenizer on the first stage and the head on the last
 * @param kv the KV cache of all slots at the full context
 * @param activations buffers of a forward pass
 * @param headroom what stays free beside the three
 * @param runtime the agent's process without a model
 */
public record StageBytes(long weights, long kv, long activations, long headroom, long runtime) {

    static StageBytes of(long weights, long kv, Overheads overheads) {
        long model = weights + kv + overheads.activationBytes();
        return new StageBytes(
                weights,
                kv,
                overheads.activationBytes(),
                (long) Math.ceil(model * overheads.headroom()),
                overheads.runtimeBytes());
    }

    /** Returns the sum: what the stage's pod asks for. */
    public long total() {
        return weights + kv + activations + headroom + runtime;
    }
}
