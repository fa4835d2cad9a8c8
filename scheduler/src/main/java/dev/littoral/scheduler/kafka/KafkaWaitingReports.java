package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.TelemetryReader;
import dev.littoral.protocol.events.WaitingTelemetry;
import dev.littoral.scheduler.peers.WaitingReports;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;

/** Writes what waits here to the topic of telemetry. */
@ApplicationScoped
class KafkaWaitingReports implements WaitingReports {

    private final TelemetryWriter writer;

    KafkaWaitingReports(KafkaClientService clients, TopicsThere topics) {
        this.writer = new TelemetryWriter(clients, topics, "waiting-report");
    }

    @Override
    public boolean send(WaitingTelemetry telemetry) {
        return writer.send(telemetry.scheduler(), TelemetryReader.write(telemetry));
    }
}
