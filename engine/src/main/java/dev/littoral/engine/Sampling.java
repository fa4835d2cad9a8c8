package dev.littoral.engine;

import java.util.Map;
import java.util.OptionalLong;

/**
 * Says how tokens are chosen: the logits are biased, penalized and divided by the temperature; of their distribution
 * the likeliest tokens are kept by minP, then topK, then topP of what is left.
 *
 * @param temperature 0 takes the likeliest
 * @param topP keeps the likeliest tokens of this joint probability, in (0, 1]
 * @param topK keeps this many of the likeliest; 0 keeps all
 * @param minP keeps tokens at least this share as likely as the likeliest, in [0, 1]
 * @param logitBias is added to the logits of these tokens, in [-100, 100]
 * @param topLogprobs how many of the likeliest tokens are told with each choice, in [0, 20]
 * @param seed makes the choice repeatable
 */
public record Sampling(
        double temperature,
        double topP,
        int topK,
        double minP,
        Penalties penalties,
        Map<Integer, Double> logitBias,
        int topLogprobs,
        OptionalLong seed) {

    /** Takes the likeliest token each time. */
    public static final Sampling GREEDY = new Sampling(0, 1, 0, OptionalLong.empty());

    /** Most tokens that are told with each choice. */
    public static final int MOST_TOP_LOGPROBS = 20;

    public Sampling {
        logitBias = Map.copyOf(logitBias);
        Bounds.require(temperature >= 0 && temperature <= 100, "temperature", temperature, "in [0, 100]");
        Bounds.require(topP > 0 && topP <= 1, "topP", topP, "in (0, 1]");
        Bounds.require(topK >= 0, "topK", topK, "at least 0");
        Bounds.require(minP >= 0 && minP <= 1, "minP", minP, "in [0, 1]");
        Bounds.require(topLogprobs >= 0 && topLogprobs <= MOST_TOP_LOGPROBS, "topLogprobs", topLogprobs, "in [0, 20]");
        logitBias.forEach((token, bias) -> {
            Bounds.require(token >= 0, "logitBias", token, "of a token from 0 on");
            Bounds.require(Math.abs(bias) <= 100, "logitBias", bias, "in [-100, 100]");
        });
    }

    /** Makes one that neither biases nor penalizes. */
    public Sampling(double temperature, double topP, int topK, OptionalLong seed) {
        this(temperature, topP, topK, 0, Penalties.NONE, Map.of(), 0, seed);
    }
}
