package dev.littoral.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Guesses with a small whole model how an answer goes on; used by one thread at a time. */
public final class Drafter {

    private final Sequence sequence;
    private final Sampler sampler;
    /** The prompt and what is known of the answer, then what was drafted beyond. */
    private int[] tokens;

    private int known;

    /**
     * Makes one for a sequence of a stage that is the whole small model.
     *
     * @param sequence as it was opened for the prompt, in the same tokens as the large model's
     * @param sampler guesses best when greedy
     */
    public Drafter(Sequence sequence, Sampler sampler, int... prompt) {
        this.sequence = sequence;
        this.sampler = sampler;
        this.tokens = prompt.clone();
        this.known = prompt.length;
    }

    /** Takes tokens of the answer, and forgets the rows of drafted tokens that are others. */
    public void follow(int... answer) {
        int drafted = Math.max(0, sequence.length() - known);
        int mismatch = Arrays.mismatch(tokens, known, known + drafted, answer, 0, Math.min(drafted, answer.length));
        if (mismatch >= 0 && known < sequence.length()) {
            sequence.rollBack(known + mismatch);
        }
        tokens = Arrays.copyOf(tokens, known + answer.length);
        System.arraycopy(answer, 0, tokens, known, answer.length);
        known = tokens.length;
    }

    /**
     * Guesses the next tokens, and says of each how sure the small model is.
     *
     * @param count at least one
     * @throws ContextExceededException when the sequence has no room for them
     */
    public List<Sample> propose(int count) {
        if (sequence.length() >= known) {
            sequence.rollBack(known - 1);
        }
        tokens = Arrays.copyOf(tokens, known + count);
        List<Sample> draft = new ArrayList<>();
        for (int end = known; draft.size() < count; end++) {
            int[] rows = Arrays.copyOfRange(tokens, sequence.length(), end);
            switch (sequence.forward(new StageInput.Tokens(rows))) {
                case StageOutput.Logits logits -> draft.add(sampler.sample(logits, 0));
                case StageOutput.Activations _ ->
                    throw new IllegalStateException("the stage is not the whole model: it gives activations");
            }
            tokens[end] = draft.getLast().token();
        }
        return draft;
    }
}
