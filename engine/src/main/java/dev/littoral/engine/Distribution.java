package dev.littoral.engine;

import dev.littoral.engine.Sample.TokenLogprob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** What logits say of the next token, as the model gives them. */
final class Distribution {

    private final float[] logits;
    private final int likeliest;
    private final double logTotal;
    private final double margin;
    private final double entropyNats;

    /**
     * Looks at logits, which must not change while this is used.
     *
     * @throws EngineException when one is not a finite number
     */
    Distribution(float[] logits) {
        this.logits = logits;
        this.likeliest = likeliestOfFinite(logits);
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
        this.logTotal = Math.log(total);
        this.margin = (1 - second) / total;
        this.entropyNats = logTotal - weighted / total;
    }

    /** Gives the token of the largest logit, the first of equal ones. */
    int likeliest() {
        return likeliest;
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

    Sample choose(int token, int topLogprobs, boolean last) {
        return new Sample(token, logprob(token), margin, Math.exp(-logTotal), entropyNats, top(topLogprobs), last);
    }

    private double logprob(int token) {
        return logits[token] - (double) logits[likeliest] - logTotal;
    }

    private List<TokenLogprob> top(int count) {
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
                .map(token -> new TokenLogprob(token, logprob(token)))
                .toList();
    }
}
