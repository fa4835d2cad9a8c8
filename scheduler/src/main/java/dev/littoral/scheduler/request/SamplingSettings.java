package dev.littoral.scheduler.request;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How tokens are chosen.
 *
 * @param temperature 0 is greedy
 * @param topP above 0, at most 1
 * @param topK 0 is off
 * @param minP from 0, off, to 1
 * @param logitBias from token to what is added to its logit, from -100 to 100
 * @param jsonObject whether the answer must be a JSON object
 * @param topLogprobs how many of the likeliest tokens are told with each; absent: no token is told
 * @param seed absent: one is drawn
 * @param maxTokens most tokens of the answer; absent: up to the context's end
 * @param stop texts that end the answer and are not part of it
 * @param choices answers to give, at least 1
 */
public record SamplingSettings(
        double temperature,
        double topP,
        int topK,
        double minP,
        Penalties penalties,
        Map<Integer, Double> logitBias,
        boolean jsonObject,
        OptionalInt topLogprobs,
        OptionalLong seed,
        OptionalInt maxTokens,
        List<String> stop,
        int choices) {

    /**
     * Makes tokens that were seen less likely.
     *
     * @param repetition above 0; 1 is off
     * @param presence from -2 to 2; 0 is off
     * @param frequency from -2 to 2; 0 is off
     */
    public record Penalties(double repetition, double presence, double frequency) {

        /** Does nothing. */
        public static final Penalties NONE = new Penalties(1, 0, 0);
    }

    public SamplingSettings {
        logitBias = Map.copyOf(logitBias);
        stop = List.copyOf(stop);
    }

    /** Makes settings of one choice that neither bias nor penalize nor tell tokens. */
    public SamplingSettings(
            double temperature, double topP, int topK, OptionalLong seed, OptionalInt maxTokens, List<String> stop) {
        this(
                temperature,
                topP,
                topK,
                0,
                Penalties.NONE,
                Map.of(),
                false,
                OptionalInt.empty(),
                seed,
                maxTokens,
                stop,
                1);
    }

    /** Makes those of one choice, with the seed that it gets. */
    SamplingSettings choice(int index) {
        return new SamplingSettings(
                temperature,
                topP,
                topK,
                minP,
                penalties,
                logitBias,
                jsonObject,
                topLogprobs,
                seed.isPresent() ? OptionalLong.of(seed.getAsLong() + index) : seed,
                maxTokens,
                stop,
                1);
    }
}
