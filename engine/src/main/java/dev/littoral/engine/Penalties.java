package dev.littoral.engine;

/**
 * Makes tokens that were seen less likely, as OpenAI's API and vLLM do.
 *
 * @param repetition divides the logits above 0, and multiplies those below, of all tokens in prompt and answer; 1 does
 *     nothing, above 0
 * @param presence is taken off the logit of each token in the answer, in [-2, 2]
 * @param frequency is taken off the logit of each token in the answer as often as it is there, in [-2, 2]
 */
public record Penalties(double repetition, double presence, double frequency) {

    /** Does nothing. */
    public static final Penalties NONE = new Penalties(1, 0, 0);

    public Penalties {
        Bounds.require(repetition > 0 && repetition <= 100, "repetitionPenalty", repetition, "in (0, 100]");
        Bounds.require(Math.abs(presence) <= 2, "presencePenalty", presence, "in [-2, 2]");
        Bounds.require(Math.abs(frequency) <= 2, "frequencyPenalty", frequency, "in [-2, 2]");
    }
}
