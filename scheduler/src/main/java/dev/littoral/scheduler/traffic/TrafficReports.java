package dev.littoral.scheduler.traffic;

import dev.littoral.protocol.events.SchedulerTelemetry;

/** Tells the other schedulers; never waits and never fails. */
@FunctionalInterface
public interface TrafficReports {

    /** Sends one report, or drops it. */
    void send(SchedulerTelemetry telemetry);
}
