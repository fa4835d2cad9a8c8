package dev.littoral.engine;

import java.util.OptionalLong;

/**
 * Says how tokens are chosen.
 *
 * @param temperature 0 takes the likeliest
 * @param topP keeps the likeliest tokens of this joint probability, in (0, 1]
 * @param topK keeps this many of the likeliest; 0 keeps all
 * @param seed makes the choice repeatable
 */
public record Sampling(double temperature, double topP, int topK, OptionalLong seed) {

    /** Takes the likeliest token each time. */
    public static final Sampling GREEDY = new Sampling(0, 1, 0, OptionalLong.empty());

    public Sampling {
        if (!(temperature >= 0 && temperature <= 100)) {
            throw new IllegalArgumentException("temperature is " + temperature + " but must be in [0, 100]");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP is " + topP + " but must be in (0, 1]");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("topK is " + topK + " but must be at least 0");
        }
    }
}
