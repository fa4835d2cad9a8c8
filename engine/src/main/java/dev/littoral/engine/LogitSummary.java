package dev.littoral.engine;

import java.nio.FloatBuffer;
import java.util.Optional;

/** A row of logits of which a stage told block by block, so that most of them need no look. */
final class LogitSummary {

    private final FloatBuffer row;
    private final LogitBlocks blocks;
    private final float[] told;
    private final int best;

    private LogitSummary(FloatBuffer row, LogitBlocks blocks, float[] told) {
        this.row = row;
        this.blocks = blocks;
        this.told = told;
        int first = 0;
        for (int block = 1; block < blocks.count(); block++) {
            if (told[block] > told[first]) {
                first = block;
            }
        }
        this.best = first;
    }

    /**
     * Reads what was told; gives nothing when a number of it is not finite, as when a logit is not, which makes the last
     * sum of its block none.
     *
     * @param row the logits
     * @param figures the largest logits of all blocks, then their sums, then their sums of products
     */
    static Optional<LogitSummary> of(FloatBuffer row, FloatBuffer figures) {
        float[] told = new float[figures.remaining()];
        figures.get(figures.position(), told);
        for (float figure : told) {
            if (!Float.isFinite(figure)) {
                return Optional.empty();
            }
        }
        int count = told.length / LogitBlocks.FIGURES;
        return Optional.of(new LogitSummary(row, new LogitBlocks(count, row.remaining() / count), told));
    }

    /** Says what the logits say of the next token. */
    Distribution distribution() {
        float[] nearest = logits(best);
        int at = Distribution.likeliest(nearest);
        float largest = nearest[at];
        float second = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < nearest.length; i++) {
            if (i != at && nearest[i] > second) {
                second = nearest[i];
            }
        }
        double total = 0;
        double weighted = 0;
        for (int block = 0; block < blocks.count(); block++) {
            if (block != best && told[block] > second) {
                second = told[block];
            }
            double below = told[block] - (double) largest;
            double weight = Exponentials.of(below);
            total += weight * sum(block);
            weighted += weight * (told[2 * blocks.count() + block] + below * sum(block));
        }
        return Distribution.of(
                best * blocks.size() + at, largest, Exponentials.of(second - (double) largest), total, weighted);
    }

    /**
     * Gives the token at a point of the whole probability, token after token.
     *
     * @param share of the probability, in [0, 1)
     */
    int at(double share) {
        double[] weights = new double[blocks.count()];
        double total = 0;
        for (int block = 0; block < weights.length; block++) {
            weights[block] = Exponentials.of(told[block] - (double) told[best]) * sum(block);
            total += weights[block];
        }
        double point = share * total;
        int block = 0;
        int last = best;
        while (block < weights.length && point >= weights[block]) {
            point -= weights[block];
            if (weights[block] > 0) {
                last = block;
            }
            block++;
        }
        // rounding may lead past the end
        return within(block < weights.length ? block : last, point);
    }

    private int within(int block, double rest) {
        float[] logits = logits(block);
        double point = rest;
        int last = Distribution.likeliest(logits);
        for (int i = 0; i < logits.length; i++) {
            double weight = Exponentials.of(logits[i] - (double) told[best]);
            if (weight > 0) {
                last = i;
            }
            point -= weight;
            if (point < 0) {
                break;
            }
        }
        return block * blocks.size() + last;
    }

    private double sum(int block) {
        return told[blocks.count() + block];
    }

    private float[] logits(int block) {
        float[] logits = new float[blocks.size()];
        row.get(row.position() + block * blocks.size(), logits);
        return logits;
    }
}
