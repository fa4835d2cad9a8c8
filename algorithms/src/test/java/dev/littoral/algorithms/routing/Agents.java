package dev.littoral.algorithms.routing;

import java.util.List;
import java.util.stream.IntStream;

/** Agents and requests for tests. */
final class Agents {

    private Agents() {}

    static AgentSnapshot idle(String name, double tokensPerSecond, int slots) {
        return busy(name, tokensPerSecond, slots, 0, 0);
    }

    /** Runs so many answers, each with this many tokens to come. */
    static AgentSnapshot busy(String name, double tokensPerSecond, int slots, int running, double rest) {
        return new AgentSnapshot(
                name,
                new ServiceTimes(1e-6, 1 / tokensPerSecond, 0.1),
                slots,
                slots - running,
                IntStream.range(0, running)
                        .mapToObj(n -> new RunningAnswer(Double.POSITIVE_INFINITY, 0, 0, LengthForecast.exactly(rest)))
                        .toList(),
                List.of(),
                Double.POSITIVE_INFINITY,
                new Tariff(name.startsWith("dear") ? 1000 : 1, 0, false));
    }

    static WaitingRequest request(long id, double arrival, double deadline, double tokens) {
        return new WaitingRequest(id, arrival, deadline, 1, LengthForecast.exactly(tokens));
    }
}
