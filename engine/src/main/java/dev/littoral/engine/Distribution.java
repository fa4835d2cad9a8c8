package dev.littoral.engine;

import dev.littoral.engine.Sample.TokenLogprob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What logits say of the next token, as the model gives them.
 *
 * @param likeliest the token of the largest logit, the first of equal ones
 * @param largest that logit
 * @param logTotal natural logarithm of the sum of e to the power of each logit less the largest
 * @param margin the likeliest probability less the second likeliest
 */
record Distribution(int likeliest, float largest, double logTotal, double margin, double entropyNats) {

    /**
     * Looks at all logits.
     *
     * @throws EngineException when one is not a finite number
     */
    static Distribution of(float[] logits) {
        int likeliest = likeliestOfFinite(logits);
        double total = 0;
        double weighted = 0;
        double second = 0;
        for (int i = 0; i < logits.length; i++) {
            double below = logits[i] - (double) logits[likeliest];
            double weight = Exponentials.of(below);
            total += weight;
            weighted += weight * below;
            if (i != likeliest) {
                second = Math.max(second, weight);
            }
        }
        return of(likeliest, logits[likeliest], second, total, weighted);
    }

    /**
     * Makes one of sums over all tokens.
     *
     * @param second the weight of the second likeliest, where that of the likeliest is 1
     * @param total the sum of all weights
     * @param weighted the sum of each weight times how far its logit is from the largest
     */
    static Distribution of(int likeliest, float largest, double second, double total, double weighted) {
        double logTotal = Math.log(total);
        return new Distribution(likeliest, largest, logTotal, (1 - second) / total, logTotal - weighted / total);
    }

    private static int likeliestOfFinite(float[] logits) {
        int best = 0;
        for (int i = 0; i < logits.length; i++) {
            if (!Float.isFinite(logits[i])) {
                throw new EngineException("the logit of token " + i + " is " + logits[i]
                        + "; the weights or the activations that came in are damaged");
            }
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Finds the largest logit, the first of equal ones; rules may have made some infinite. */
    static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Tells of a choice with this logit, and of other tokens. */
    Sample choose(int token, float logit, List<TokenLogprob> top, boolean last) {
        return new Sample(token, logprob(logit), margin, Math.exp(-logTotal), entropyNats, top, last);
    }

    private double logprob(float logit) {
        return logit - (double) largest - logTotal;
    }

    /** Tells the likeliest tokens in order, of equal ones the first. */
    List<TokenLogprob> top(float[] logits, int count) {
        if (count == 0) {
            return List.of();
        }
        Comparator<Integer> rank =
                Comparator.<Integer, Float>comparing(token -> logits[token]).thenComparing(Comparator.reverseOrder());
        PriorityQueue<Integer> kept = new PriorityQueue<>(count + 1, rank);
        for (int token = 0; token < logits.length; token++) {
            if (kept.size() < count || logits[token] > logits[kept.element()]) {
                kept.add(token);
                if (kept.size() > count) {
                    kept.remove();
                }
            }
        }
        List<Integer> tokens = new ArrayList<>(kept);
        tokens.sort(rank.reversed());
        return tokens.stream()
                .map(token -> new TokenLogprob(token, logprob(logits[token])))
                .toList();
    }
}
