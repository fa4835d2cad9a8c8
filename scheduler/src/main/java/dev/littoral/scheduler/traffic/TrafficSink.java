package dev.littoral.scheduler.traffic;

import dev.littoral.protocol.events.SchedulerTelemetry.Traffic;
import dev.littoral.scheduler.directory.Deployment;

/** Puts traffic where people look. */
@FunctionalInterface
public interface TrafficSink {

    /** Writes one deployment's traffic; false when that did not succeed. */
    boolean write(Deployment deployment, Traffic traffic);
}
