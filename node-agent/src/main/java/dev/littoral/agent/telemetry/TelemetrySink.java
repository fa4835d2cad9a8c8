package dev.littoral.agent.telemetry;

import dev.littoral.protocol.events.AgentTelemetry;

/** Takes what the agent says about itself; never waits and never fails. */
public interface TelemetrySink extends AutoCloseable {

    /** Takes one report, or drops it. */
    void offer(AgentTelemetry report);

    @Override
    void close();
}
