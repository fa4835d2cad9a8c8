package dev.littoral.engine;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
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
        return sample(row, Optional.empty());
    }

    /**
     * Chooses the next token of the answer; the stage's output is left as it was. Where the stage tells of its logits,
     * few of them need a look.
     *
     * @param row of the output, counted from 0
     * @see #sample(FloatBuffer)
     */
    public Sample sample(StageOutput.Logits output, int row) {
        FloatBuffer values = output.row(row);
        return sample(values, output.summary(row).flatMap(told -> LogitSummary.of(values, told)));
    }

    private Sample sample(FloatBuffer row, Optional<LogitSummary> summary) {
        if (rules.complete()) {
            throw new IllegalStateException("the answer is complete: nothing may follow");
        }
        boolean untouched = !rules.any() && sampling.topLogprobs() == 0 && (greedy() || plain());
        if (summary.isPresent() && untouched) {
            Distribution told = summary.get().distribution();
            int token = greedy() ? told.likeliest() : summary.get().at(random.nextDouble());
            rules.answered(token);
            return told.choose(token, row.get(row.position() + token), List.of(), rules.complete());
        }
        try (Workspace lent = Workspace.take(row.remaining())) {
            return look(row, summary.map(LogitSummary::distribution), lent);
        }
    }

    private boolean greedy() {
        return sampling.temperature() == 0 || sampling.topK() == 1;
    }

    /** Says whether tokens are drawn as likely as the model says. */
    private boolean plain() {
        return sampling.temperature() == 1 && Draw.isWhole(sampling);
    }

    /** Chooses after a look at all logits. */
    private Sample look(FloatBuffer row, Optional<Distribution> known, Workspace lent) {
        float[] logits = lent.logits();
        row.get(row.position(), logits);
        Distribution told = known.orElseGet(() -> Distribution.of(logits));
        float[] ruled = logits;
        int first = told.likeliest();
        if (rules.any()) {
            ruled = lent.changed();
            System.arraycopy(logits, 0, ruled, 0, logits.length);
            rules.apply(ruled);
            first = Distribution.likeliest(ruled);
        }
        int token = greedy() ? first : new Draw(sampling, random, lent).draw(ruled, ruled[first]);
        rules.answered(token);
        return told.choose(token, logits[token], told.top(logits, sampling.topLogprobs()), rules.complete());
    }
}
