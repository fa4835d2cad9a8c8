package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.AgentTelemetry;
import dev.littoral.protocol.events.SchedulerTelemetry;
import dev.littoral.protocol.events.TelemetryReader;
import dev.littoral.protocol.events.WaitingTelemetry;
import dev.littoral.scheduler.fleet.Fleet;
import dev.littoral.scheduler.peers.WaitingBoard;
import dev.littoral.scheduler.traffic.TrafficBoard;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Tells apart the kinds of records of the topic of telemetry, and counts those that are not to be believed. */
@ApplicationScoped
class TelemetryRecords {

    /** Says why a record was left out, beside what the boards say; doubles as a metric label. */
    private enum Dropped {
        /** It is of no kind, too long, of another version, or says what cannot be. */
        Unreadable,
        /** So many schedulers speak that this one is not listened to. */
        TooManySchedulers
    }

    private final Fleet fleet;
    private final TrafficBoard traffic;
    private final WaitingBoard waiting;
    private final MeterRegistry meters;

    TelemetryRecords(Fleet fleet, TrafficBoard traffic, WaitingBoard waiting, MeterRegistry meters) {
        this.fleet = fleet;
        this.traffic = traffic;
        this.waiting = waiting;
        this.meters = meters;
    }

    /** Takes one record. */
    void take(byte[] json) {
        Optional<AgentTelemetry> agent = TelemetryReader.read(json);
        if (agent.isPresent()) {
            agent.filter(report -> report.firstLayer() == 0).ifPresent(fleet::reported);
            return;
        }
        Optional<SchedulerTelemetry> scheduler = TelemetryReader.readScheduler(json);
        if (scheduler.isPresent()) {
            if (!traffic.heard(scheduler.orElseThrow())) {
                drop(Dropped.TooManySchedulers);
            }
            return;
        }
        Optional<WaitingTelemetry> waits = TelemetryReader.readWaiting(json);
        if (waits.isEmpty()) {
            drop(Dropped.Unreadable);
        } else if (waiting.heard(waits.orElseThrow()) == WaitingBoard.Heard.TooManySchedulers) {
            drop(Dropped.TooManySchedulers);
        }
    }

    private void drop(Dropped reason) {
        meters.counter("littoral.scheduler.telemetry.dropped", "reason", reason.name())
                .increment();
    }
}
