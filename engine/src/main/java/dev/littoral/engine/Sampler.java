package dev.littoral.engine;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Chooses tokens for one sequence; used by one thread at a time. Two with the same seed choose alike. */
public final class Sampler {

    private final Sampling sampling;
    private final SplittableRandom random;
    private final LogitRules rules;
    private float[] logits = {};
    private float[] ruled = {};
    private long[] ranked = {};

    /** Makes one; without a seed no two choose alike. */
    public Sampler(Sampling sampling) {
        this.sampling = sampling;
        this.rules = new LogitRules(sampling);
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
     */
    public Sample sample(FloatBuffer row) {
        if (logits.length != row.remaining()) {
            logits = new float[row.remaining()];
        }
        row.get(row.position(), logits);
        Distribution told = new Distribution(logits);
        ruled = logits;
        if (rules.any()) {
            ruled = logits.clone();
            rules.apply(ruled);
        }
        int first = Distribution.likeliest(ruled);
        int token = sampling.temperature() == 0 || sampling.topK() == 1 ? first : draw(ruled[first]);
        rules.answered(token);
        return told.choose(token, sampling.topLogprobs());
    }

    private int draw(float max) {
        int count = rank(max);
        if (sampling.topK() > 0) {
            count = Math.min(count, sampling.topK());
        }
        double kept = 0;
        for (int i = 0; i < count; i++) {
            kept += weight(i);
        }
        double nucleus = kept * sampling.topP();
        double sum = 0;
        int end = 0;
        while (end < count && sum < nucleus) {
            sum += weight(end++);
        }
        double point = random.nextDouble() * sum;
        for (int i = 0; i < end; i++) {
            point -= weight(i);
            if (point < 0) {
                return token(i);
            }
        }
        return token(Math.max(0, end - 1));
    }

    /** Puts tokens in order of weight, likeliest first, and equal ones by number; counts those worth a look. */
    private int rank(float max) {
        if (ranked.length != ruled.length) {
            ranked = new long[ruled.length];
        }
        double total = 0;
        for (float logit : ruled) {
            total += scaled(logit, max);
        }
        // All tokens below this share sum to less than 1 - topP, so none of them is in the nucleus.
        double floor = sampling.topK() > 0 || sampling.minP() > 0
                ? sampling.minP()
                : total * (1 - sampling.topP()) / ruled.length;
        int count = 0;
        for (int i = 0; i < ruled.length; i++) {
            float weight = (float) scaled(ruled[i], max);
            if (weight > 0 && weight >= floor) {
                ranked[count++] = (long) (Integer.MAX_VALUE - Float.floatToIntBits(weight)) << 32 | i;
            }
        }
        Arrays.sort(ranked, 0, count);
        return count;
    }

    private double scaled(float logit, float max) {
        return Math.exp((logit - (double) max) / sampling.temperature());
    }

    private double weight(int rank) {
        return Float.intBitsToFloat(Integer.MAX_VALUE - (int) (ranked[rank] >>> 32));
    }

    private int token(int rank) {
        return (int) ranked[rank];
    }
}
