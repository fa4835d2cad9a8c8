package dev.littoral.engine;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Biases logits, penalizes tokens that a sequence has and rules out those that may not come; keeps what it has. */
final class LogitRules {

    private final Sampling sampling;
    private final boolean penalized;
    private final @Nullable AnswerForm form;
    private final BitSet seen = new BitSet();
    private final Map<Integer, Integer> answered = new HashMap<>();

    LogitRules(Sampling sampling, @Nullable AnswerForm form) {
        this.sampling = sampling;
        this.form = form;
        this.penalized = !sampling.penalties().equals(Penalties.NONE);
    }

    /** Says whether {@link #apply} would change anything. */
    boolean any() {
        return form != null || penalized || !sampling.logitBias().isEmpty();
    }

    void prompted(int token) {
        seen.set(token);
    }

    /** Says whether nothing may follow. */
    boolean complete() {
        return form != null && form.complete();
    }

    void answered(int token) {
        if (form != null) {
            form.accept(token);
        }
        if (!penalized) {
            return;
        }
        seen.set(token);
        answered.merge(token, 1, Integer::sum);
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
        if (form != null) {
            keep(form.allowed(), logits);
        }
    }

    /** Makes what may not come impossible. */
    private static void keep(long[] allowed, float[] logits) {
        for (int from = 0; from < logits.length; from += Long.SIZE) {
            int word = from / Long.SIZE;
            int end = Math.min(from + Long.SIZE, logits.length);
            long out = word < allowed.length ? ~allowed[word] : -1;
            if (out == -1) {
                Arrays.fill(logits, from, end, Float.NEGATIVE_INFINITY);
            } else {
                for (; out != 0 && from + Long.numberOfTrailingZeros(out) < end; out &= out - 1) {
                    logits[from + Long.numberOfTrailingZeros(out)] = Float.NEGATIVE_INFINITY;
                }
            }
        }
    }

    private void penalize(float[] logits) {
        Penalties penalties = sampling.penalties();
        for (int token = seen.nextSetBit(0); token >= 0 && token < logits.length; token = seen.nextSetBit(token + 1)) {
            double logit = logits[token];
            logit = logit > 0 ? logit / penalties.repetition() : logit * penalties.repetition();
            int count = answered.getOrDefault(token, 0);
            logit -= count * penalties.frequency() + (count > 0 ? penalties.presence() : 0);
            logits[token] = (float) Math.max(logit, -Float.MAX_VALUE); // only a form makes a token impossible
        }
    }
}
