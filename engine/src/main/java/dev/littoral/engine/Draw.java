package dev.littoral.engine;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws among the likeliest tokens, in arrays as long as the vocabulary that are lent. */
final class Draw {

    /** Weights of tokens that are looked at first, and by how much less the next. */
    private static final float FIRST_FLOOR = 1f / 64;

    private static final float NEXT_FLOOR = 1f / 64;

    /** Tokens that are less likely by e to this power are not drawn; all of a vocabulary have less than a billionth. */
    private static final double LEAST_POWER = -34;

    private final Sampling sampling;
    private final RandomGenerator random;
    private final float[] weights;
    private final long[] ranked;

    Draw(Sampling sampling, RandomGenerator random, Workspace lent) {
        this.sampling = sampling;
        this.random = random;
        this.weights = lent.weights();
        this.ranked = lent.ranked();
    }

    /** Says whether any token may be drawn. */
    static boolean isWhole(Sampling sampling) {
        return sampling.topK() == 0 && sampling.minP() == 0 && sampling.topP() == 1;
    }

    /**
     * Draws a token.
     *
     * @param ruled a logit for each word of the vocabulary
     * @param max the largest of them
     */
    int draw(float[] ruled, float max) {
        double total = weigh(ruled, max);
        if (isWhole(sampling)) {
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
    private double weigh(float[] ruled, float max) {
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
