package dev.littoral.agent.serve;

import dev.littoral.engine.Penalties;
import dev.littoral.engine.Sampling;
import dev.littoral.protocol.agent.v1.AnswerFormat;
import io.grpc.Status;
import java.util.List;
import java.util.OptionalLong;

/** Checks how tokens are to be chosen, as it comes over the wire. */
final class SamplingRules {

    private static final int MOST_STOPS = 16;
    private static final int MOST_STOP_CHARACTERS = 1024;

    private SamplingRules() {}

    /** Gives the engine's view of it; 0 stands for 1 in top_p and repetition_penalty. */
    static Sampling check(dev.littoral.protocol.agent.v1.Sampling wire) {
        if (wire.getTopLogprobs() != 0 && !wire.getLogprobs()) {
            throw refused("sampling.top_logprobs is " + wire.getTopLogprobs() + ", which goes with logprobs only");
        }
        if (wire.getFormat() == AnswerFormat.UNRECOGNIZED) {
            throw refused("sampling.format is " + wire.getFormatValue() + ", which this agent does not know");
        }
        OptionalLong seed = wire.hasSeed() ? OptionalLong.of(wire.getSeed()) : OptionalLong.empty();
        try {
            return new Sampling(
                    wire.getTemperature(),
                    orOne(wire.getTopP()),
                    wire.getTopK(),
                    wire.getMinP(),
                    new Penalties(
                            orOne(wire.getRepetitionPenalty()), wire.getPresencePenalty(), wire.getFrequencyPenalty()),
                    wire.getLogitBiasMap(),
                    wire.getTopLogprobs(),
                    seed);
        } catch (IllegalArgumentException e) {
            throw refused("sampling: " + e.getMessage());
        }
    }

    private static double orOne(double value) {
        return value == 0 ? 1 : value;
    }

    /** Refuses a bias for a token that the vocabulary does not have. */
    static void checkVocabulary(Sampling sampling, int vocabularySize) {
        for (int token : sampling.logitBias().keySet()) {
            if (token >= vocabularySize) {
                throw refused("sampling: logitBias is of token " + token + ", but the vocabulary has " + vocabularySize
                        + " tokens");
            }
        }
    }

    /** Gives the stop strings when they are few, short, and none is empty. */
    static List<String> stops(dev.littoral.protocol.agent.v1.Sampling wire) {
        List<String> stops = wire.getStopList();
        if (stops.size() > MOST_STOPS) {
            throw invalid("has " + stops.size() + " strings: at most " + MOST_STOPS + " are taken");
        }
        if (stops.stream().anyMatch(stop -> stop.isEmpty() || stop.length() > MOST_STOP_CHARACTERS)) {
            throw invalid("has a string that is empty or longer than " + MOST_STOP_CHARACTERS + " characters");
        }
        return stops;
    }

    private static RuntimeException invalid(String problem) {
        return refused("sampling.stop " + problem);
    }

    private static RuntimeException refused(String problem) {
        return Refusal.of(Status.Code.INVALID_ARGUMENT, Reason.RequestInvalid, problem);
    }
}
