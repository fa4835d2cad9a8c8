package dev.littoral.agent.serve;

import dev.littoral.engine.Sampling;
import io.grpc.Status;
import java.util.List;
import java.util.OptionalLong;

/** Checks how tokens are to be chosen, as it comes over the wire. */
final class SamplingRules {

    private static final int MOST_STOPS = 16;
    private static final int MOST_STOP_CHARACTERS = 1024;

    private SamplingRules() {}

    /** Gives the engine's view of it; 0 for top_p stands for 1. */
    static Sampling check(dev.littoral.protocol.agent.v1.Sampling wire) {
        double topP = wire.getTopP() == 0 ? 1 : wire.getTopP();
        OptionalLong seed = wire.hasSeed() ? OptionalLong.of(wire.getSeed()) : OptionalLong.empty();
        try {
            return new Sampling(wire.getTemperature(), topP, wire.getTopK(), seed);
        } catch (IllegalArgumentException e) {
            throw Refusal.of(Status.Code.INVALID_ARGUMENT, Reason.RequestInvalid, "sampling: " + e.getMessage());
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
        return Refusal.of(Status.Code.INVALID_ARGUMENT, Reason.RequestInvalid, "sampling.stop " + problem);
    }
}
