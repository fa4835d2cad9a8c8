package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.Rates;
import dev.littoral.protocol.agent.v1.StageDescription;
import dev.littoral.protocol.events.AgentTelemetry;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A fleet whose time passes only by {@link #nanos}. */
abstract class FleetRig {

    static final AgentRef A = new AgentRef("a", "127.0.0.1:1");
    static final Deployment TINY = new Deployment("default", "tiny", Instant.EPOCH, List.of(A));
    static final WaitingRequest WORK =
            new WaitingRequest(0, 0, Double.POSITIVE_INFINITY, 100, LengthForecast.exactly(50));
    final AtomicLong nanos = new AtomicLong();
    final Fleet fleet = new Fleet(nanos::get, Duration.ofSeconds(5), 1);

    AgentSnapshot load() {
        return fleet.snapshot(TINY, Map.of()).getFirst();
    }

    static AgentDescription description(int slots, int free) {
        return description(slots, free, 100);
    }

    static AgentDescription description(int slots, int free, double tokensPerSecond) {
        return described(slots, free, tokensPerSecond).clearStage().build();
    }

    static AgentDescription.Builder described(int slots, int free, double tokensPerSecond) {
        return AgentDescription.newBuilder()
                .setReady(true)
                .setSlots(slots)
                .setFreeSlots(free)
                .setStage(StageDescription.newBuilder().setContextTokens(512))
                .setRates(Rates.newBuilder().setPrefillTokensPerSecond(1000).setDecodeTokensPerSecond(tokensPerSecond));
    }

    static AgentTelemetry telemetry(String agent, int slots, int free, double decode) {
        return new AgentTelemetry(
                agent, "n", "default/tiny", "p", 0, slots, free, slots - free, 0, 0, 0, decode, 0, Instant.EPOCH);
    }
}
