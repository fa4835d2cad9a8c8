package dev.littoral.engine;

import java.util.Arrays;
import java.util.BitSet;

/** Biases logits and penalizes tokens that a sequence has; keeps what it has. */
final class LogitRules {

    private final Sampling sampling;
    private final boolean penalized;
    private final BitSet seen = new BitSet();
    private int[] answered = {};

    LogitRules(Sampling sampling) {
        this.sampling = sampling;
        this.penalized = !sampling.penalties().equals(Penalties.NONE);
    }

    /** Says whether {@link #apply} would change anything. */
    boolean any() {
        return penalized || !sampling.logitBias().isEmpty();
    }

    void prompted(int token) {
        seen.set(token);
    }

    void answered(int token) {
        if (!penalized) {
            return;
        }
        seen.set(token);
        if (token >= answered.length) {
            answered = Arrays.copyOf(answered, Math.max(token + 1, 2 * answered.length));
        }
        answered[token]++;
    }

    void apply(float[] logits) {
        sampling.logitBias().forEach((token, bias) -> {
            if (token >= logits.length) {
                throw new IllegalArgumentException(
                        "logitBias is of token " + token + ", but the vocabulary has " + logits.length + " tokens");
            }
            logits[token] += bias.floatValue();
        });
        if (penalized) {
            penalize(logits);
        }
    }

    private void penalize(float[] logits) {
        Penalties penalties = sampling.penalties();
        for (int token = seen.nextSetBit(0); token >= 0 && token < logits.length; token = seen.nextSetBit(token + 1)) {
            double logit = logits[token];
            logit = logit > 0 ? logit / penalties.repetition() : logit * penalties.repetition();
            int count = token < answered.length ? answered[token] : 0;
            logit -= count * penalties.frequency() + (count > 0 ? penalties.presence() : 0);
            logits[token] = (float) logit;
        }
    }
}
