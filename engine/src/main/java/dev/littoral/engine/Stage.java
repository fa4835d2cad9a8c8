package dev.littoral.engine;

import dev.littoral.checkpoint.ModelConfig;

/** Runs a contiguous range of layers; safe for use by several threads. Closing it ends its sequences. */
public interface Stage extends AutoCloseable {

    /** Most rows of which one call gives logits: a token and the draft behind it. */
    int MOST_LOGIT_ROWS = 33;

    /** Says what was loaded. */
    StageSpec spec();

    /** Says the shape of the whole model. */
    ModelConfig config();

    /** Says whether the stage holds layer 0: it takes tokens, every other takes activations. */
    boolean first();

    /** Says whether the stage holds the last layer: it gives logits, every other gives activations. */
    boolean last();

    /** Says what the stage is computed on. */
    default StageDevice device() {
        return StageDevice.CPU;
    }

    /** Counts the bytes of the weights as the stage holds them. */
    long weightBytes();

    /** Counts the bytes that a token of one sequence takes in this stage. */
    long kvBytesPerToken();

    /** Counts the sequences that can be open at once. */
    int slots();

    /** Counts the sequences that can still be opened now. */
    int freeSlots();

    /** Says what the stage has done, for metrics. */
    StageActivity activity();

    /** Takes a slot for a new, empty sequence. */
    default Sequence open(int maxTokens) {
        return open(maxTokens, new int[0]);
    }

    /**
     * Takes a slot for a new sequence that will begin with the given tokens. Where a slot still holds the rows of the
     * same first tokens, the sequence begins with them: {@link Sequence#length()} says how many; the caller runs the
     * rest, of which there is at least one.
     *
     * @param maxTokens most tokens that the sequence will have, at most the stage's context
     * @param prompt the sequence's first tokens, or none
     * @throws NoFreeSlotException when all slots are taken
     * @throws ContextExceededException when {@code maxTokens} is more than the context
     */
    Sequence open(int maxTokens, int[] prompt);

    /** Ends all sequences, waits for the step that runs, and frees the memory. */
    @Override
    void close();
}
