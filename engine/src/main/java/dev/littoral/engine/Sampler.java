package dev.littoral.engine;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Chooses tokens for one sequence; used by one thread at a time. Two with the same seed choose alike. */
public final class Sampler {

    /** Weights of tokens that are looked at first, and by how much less the next. */
    private static final float FIRST_FLOOR = 1f / 64;

    private static final float NEXT_FLOOR = 1f / 64;

    /** Tokens that are less likely by e to this power are not drawn; all of a vocabulary have less than a billionth. */
    private static final double LEAST_POWER = -34;

    private final Sampling sampling;
    private final SplittableRandom random;
    private final LogitRules rules;
    private float[] logits = {};
    private float[] changed = {};
    private float[] ruled = {};
    private float[] weights = {};
    private long[] ranked = {};

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
        return look(row, summary.map(LogitSummary::distribution));
    }

    private boolean greedy() {
        return sampling.temperature() == 0 || sampling.topK() == 1;
    }

    /** Says whether tokens are drawn as likely as the model says. */
    private boolean plain() {
        return sampling.temperature() == 1 && whole();
    }

    /** Says whether any token may be drawn. */
    private boolean whole() {
        return sampling.topK() == 0 && sampling.minP() == 0 && sampling.topP() == 1;
    }

    /** Chooses after a look at all logits. */
    private Sample look(FloatBuffer row, Optional<Distribution> known) {
        if (logits.length != row.remaining()) {
            logits = new float[row.remaining()];
        }
        row.get(row.position(), logits);
        Distribution told = known.orElseGet(() -> Distribution.of(logits));
        ruled = logits;
        int first = told.likeliest();
        if (rules.any()) {
            if (changed.length != logits.length) {
                changed = new float[logits.length];
            }
            System.arraycopy(logits, 0, changed, 0, logits.length);
            rules.apply(changed);
            ruled = changed;
            first = Distribution.likeliest(ruled);
        }
        int token = greedy() ? first : draw(ruled[first]);
        rules.answered(token);
        return told.choose(token, logits[token], told.top(logits, sampling.topLogprobs()), rules.complete());
    }

    private int draw(float max) {
        double total = weigh(max);
        if (whole()) {
            return anyOf(total);
        }
        int count = sampling.topK() > 0 ? mostLikely() : nucleus(total);
        double kept = 0;
        for (int i = 0; i < count; i++) {
            kept += weights[token(i)];
        }
        double wanted = sampling.topK() > 0 ? kept * sampling.topP() : shareOf(total);
        double sum = 0;
        int end = 0;
        while (end < count && sum < wanted) {
            sum += weights[token(end++)];
        }
        double point = random.nextDouble() * sum;
        for (int i = 0; i < end; i++) {
            point -= weights[token(i)];
            if (point < 0) {
                return token(i);
            }
        }
        return token(Math.max(0, end - 1));
    }

    /** Computes the weight of each token, 1 for the likeliest; gives their sum. */
    private double weigh(float max) {
        if (weights.length != ruled.length) {
            weights = new float[ruled.length];
            ranked = new long[ruled.length];
        }
        double scale = 1 / sampling.temperature();
        float least = (float) (max + LEAST_POWER * sampling.temperature());
        double total = 0;
        for (int i = 0; i < ruled.length; i++) {
            weights[i] = ruled[i] < least ? 0 : (float) Exponentials.of((ruled[i] - (double) max) * scale);
            total += weights[i];
        }
        return total;
    }

    /** Draws among all tokens, in no order. */
    private int anyOf(double total) {
        double point = random.nextDouble() * total;
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                point -= weights[i];
                if (point < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    /** Ranks the topK likeliest tokens that minP leaves; counts them. */
    private int mostLikely() {
        int most = Math.min(sampling.topK(), weights.length);
        int count = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0 && weights[i] >= sampling.minP()) {
                long rank = rank(i);
                if (count < most) {
                    sink(rank, count++);
                } else if (rank < ranked[0]) {
                    replaceWorst(rank, count);
                }
            }
        }
        Arrays.sort(ranked, 0, count);
        return count;
    }

    /** Adds to a heap with the worst rank on top. */
    private void sink(long rank, int at) {
        int child = at;
        while (child > 0 && ranked[(child - 1) / 2] < rank) {
            ranked[child] = ranked[(child - 1) / 2];
            child = (child - 1) / 2;
        }
        ranked[child] = rank;
    }

    private void replaceWorst(long rank, int count) {
        int at = 0;
        for (int child = 1; child < count; child = 2 * at + 1) {
            if (child + 1 < count && ranked[child + 1] > ranked[child]) {
                child++;
            }
            if (ranked[child] <= rank) {
                break;
            }
            ranked[at] = ranked[child];
            at = child;
        }
        ranked[at] = rank;
    }

    /** Ranks enough of the likeliest tokens that minP leaves to make up topP of them; counts those ranked. */
    private int nucleus(double total) {
        double wanted = shareOf(total);
        float floor = FIRST_FLOOR;
        while (true) {
            float least = Math.max(floor, (float) sampling.minP());
            int count = 0;
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                if (weights[i] >= least) {
                    ranked[count++] = rank(i);
                    sum += weights[i];
                }
            }
            if (sum >= wanted || least > floor || floor < Float.MIN_NORMAL) {
                Arrays.sort(ranked, 0, count);
                return count;
            }
            floor *= NEXT_FLOOR;
        }
    }

    /** Gives topP of the weight of all tokens that minP leaves. */
    private double shareOf(double total) {
        double left = total;
        if (sampling.minP() > 0) {
            left = 0;
            for (float weight : weights) {
                left += weight >= sampling.minP() ? weight : 0;
            }
        }
        return left * sampling.topP();
    }

    /** Gives a number that is the less, the likelier a token; of two alike the less for the less. */
    private long rank(int token) {
        return (long) (Integer.MAX_VALUE - Float.floatToIntBits(weights[token])) << 32 | token;
    }

    private int token(int rank) {
        return (int) ranked[rank];
    }
}
