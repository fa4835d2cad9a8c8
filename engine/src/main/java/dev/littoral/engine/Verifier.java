package dev.littoral.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Answers one prompt with a whole model, checking drafts of several tokens in one step; used by one thread at a time.
 *
 * <p>Speculative decoding (Leviathan, Kalman and Matias, <i>Fast Inference from Transformers via Speculative
 * Decoding</i>, 2023) with this difference of ours: the model's own choice is drawn at every position and a drafted token
 * stands where it is that choice. A draft is then no distribution but a guess, and the answer is token for token the one
 * that the same sampler gives without drafts, at any temperature.
 */
public final class Verifier {

    private final Sequence sequence;
    private final Sampler sampler;
    private int next;
    private boolean begun;

    /**
     * What became of a draft.
     *
     * @param accepted how many of the drafted tokens stand, without one that ends the answer
     * @param tokens those, and the model's own choice behind them: always one more than {@code accepted}
     */
    public record Verdict(int accepted, List<Sample> tokens) {

        public Verdict {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * Makes one for a sequence of a stage that is the whole model.
     *
     * @param sequence as it was opened for the prompt
     */
    public Verifier(Sequence sequence, Sampler sampler) {
        this.sequence = sequence;
        this.sampler = sampler;
    }

    /** Runs the prompt, but for rows that the sequence has already, and gives the first token. */
    public Sample begin(int... prompt) {
        if (begun) {
            throw new IllegalStateException("the prompt was given already");
        }
        begun = true;
        sampler.prompt(prompt);
        int[] rest = Arrays.copyOfRange(prompt, sequence.length(), prompt.length);
        return chosen(sampler.sample(run(rest, 1), 0));
    }

    /**
     * Checks tokens that may follow the last one that was given, and forgets the rows of those that do not stand.
     *
     * @param draft fewer than {@link Stage#MOST_LOGIT_ROWS} tokens; none asks for the next token alone
     * @throws ContextExceededException when the sequence has no room for the draft; a shorter one may fit
     */
    public Verdict verify(int... draft) {
        if (!begun) {
            throw new IllegalStateException("the prompt comes first");
        }
        int before = sequence.length();
        int[] rows = new int[draft.length + 1];
        rows[0] = next;
        System.arraycopy(draft, 0, rows, 1, draft.length);
        StageOutput.Logits logits = run(rows, rows.length);
        List<Sample> tokens = new ArrayList<>();
        int accepted = 0;
        while (true) {
            Sample own = sampler.sample(logits, accepted);
            tokens.add(own);
            if (accepted == draft.length || own.token() != draft[accepted] || own.last()) {
                break;
            }
            accepted++;
        }
        sequence.rollBack(before + 1 + accepted);
        chosen(tokens.getLast());
        return new Verdict(accepted, tokens);
    }

    private Sample chosen(Sample sample) {
        next = sample.token();
        return sample;
    }

    private StageOutput.Logits run(int[] tokens, int logitRows) {
        return switch (sequence.forward(new StageInput.Tokens(tokens), logitRows)) {
            case StageOutput.Logits logits -> logits;
            case StageOutput.Activations _ ->
                throw new IllegalStateException("the stage is not the whole model: it gives activations");
        };
    }
}
