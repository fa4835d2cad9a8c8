package dev.littoral.engine;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/** Chooses tokens for one sequence; used by one thread at a time. Two with the same seed choose alike. */
public final class Sampler {

    private final Sampling sampling;
    private final SplittableRandom random;
    private final LogitRules rules;

    /** Makes one; without a seed no two choose alike. */
    public Sampler(Sampling sampling) {
        this(sampling, new LogitRules(sampling, null));
    }

    /** Makes one that chooses among those tokens alone that the form of the answer allows, before any truncation. */
    public Sampler(Sampling sampling, AnswerForm form) {
        this(sampling, new LogitRules(sampling, form));
    }

    private Sampler(Sampling sampling, LogitRules rules) {
        this.sampling = sampling;
        this.rules = rules;
        this.random = sampling.seed().isPresent()
                ? new SplittableRandom(sampling.seed().getAsLong())
                : new SplittableRandom();
    }

    /** Tells what stands before the answer, which the repetition penalty counts too. */
    public void prompt(int... tokens) {
        for (int token : tokens) {
            rules.prompted(token);
        }
    }

    /**
     * Chooses the next token of the answer; the buffer is left as it was.
     *
     * @param row one logit for each word of the vocabulary
     * @throws EngineException when a logit is not a finite number
     * @throws IllegalArgumentException when a bias is for a token that the vocabulary does not have
     * @throws IllegalStateException when the form of the answer is complete
     */
    public Sample sample(FloatBuffer row) {
        if (rules.complete()) {
            throw new IllegalStateException("the answer is complete: nothing may follow");
        }
        try (Workspace lent = Workspace.take(row.remaining())) {
            return sample(row, lent);
        }
    }

    private Sample sample(FloatBuffer row, Workspace lent) {
        float[] logits = lent.logits();
        row.get(row.position(), logits);
        Distribution told = new Distribution(logits);
        float[] ruled = logits;
        int first = told.likeliest();
        if (rules.any()) {
            ruled = lent.changed();
            System.arraycopy(logits, 0, ruled, 0, logits.length);
            rules.apply(ruled);
            first = Distribution.likeliest(ruled);
        }
        int token = sampling.temperature() == 0 || sampling.topK() == 1
                ? first
                : new Draw(sampling, random, lent).draw(ruled, ruled[first]);
        rules.answered(token);
        return told.choose(token, sampling.topLogprobs(), rules.complete());
    }
}
