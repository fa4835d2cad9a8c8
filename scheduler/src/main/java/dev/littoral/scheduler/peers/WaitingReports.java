package dev.littoral.scheduler.peers;

import dev.littoral.protocol.events.WaitingTelemetry;

/** Tells the other schedulers what waits here; never waits and never fails. */
@FunctionalInterface
public interface WaitingReports {

    /** Sends one report; false when it was dropped. */
    boolean send(WaitingTelemetry telemetry);
}
