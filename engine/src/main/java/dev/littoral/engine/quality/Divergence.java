package dev.littoral.engine.quality;

import java.nio.FloatBuffer;

/** Sums up how one model's next-token distributions differ from another's. */
public final class Divergence {

    private long positions;
    private long agreeing;
    private double kl;
    private double surprise;
    private double exactSurprise;

    /**
     * Adds a position.
     *
     * @param exact logits of the model that is right
     * @param other logits of the other
     * @param next the token that really follows
     */
    public void add(FloatBuffer exact, FloatBuffer other, int next) {
        double[] p = logProbabilities(exact);
        double[] q = logProbabilities(other);
        int best = 0;
        int otherBest = 0;
        for (int i = 0; i < p.length; i++) {
            kl += Math.exp(p[i]) * (p[i] - q[i]);
            best = p[i] > p[best] ? i : best;
            otherBest = q[i] > q[otherBest] ? i : otherBest;
        }
        agreeing += best == otherBest ? 1 : 0;
        exactSurprise -= p[next];
        surprise -= q[next];
        positions++;
    }

    /** Counts the positions. */
    public long positions() {
        return positions;
    }

    /** Gives the mean KL divergence of the other from the exact distribution, in nats. */
    public double klNats() {
        return kl / positions;
    }

    /** Gives the share of positions at which both find the same token likeliest. */
    public double agreement() {
        return (double) agreeing / positions;
    }

    /** Gives the other's perplexity on what really follows. */
    public double perplexity() {
        return Math.exp(surprise / positions);
    }

    /** Gives the exact model's perplexity on what really follows. */
    public double exactPerplexity() {
        return Math.exp(exactSurprise / positions);
    }

    private static double[] logProbabilities(FloatBuffer logits) {
        double[] row = new double[logits.remaining()];
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < row.length; i++) {
            row[i] = logits.get(logits.position() + i);
            most = Math.max(most, row[i]);
        }
        double total = 0;
        for (double logit : row) {
            total += Math.exp(logit - most);
        }
        double norm = most + Math.log(total);
        for (int i = 0; i < row.length; i++) {
            row[i] -= norm;
        }
        return row;
    }
}
