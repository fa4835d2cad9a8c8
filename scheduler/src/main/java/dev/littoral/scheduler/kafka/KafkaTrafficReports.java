package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.SchedulerTelemetry;
import dev.littoral.protocol.events.TelemetryReader;
import dev.littoral.scheduler.traffic.TrafficReports;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;

/** Writes reports of traffic to the topic of telemetry. */
@ApplicationScoped
class KafkaTrafficReports implements TrafficReports {

    private final TelemetryWriter writer;

    KafkaTrafficReports(KafkaClientService clients, TopicsThere topics) {
        this.writer = new TelemetryWriter(clients, topics, "traffic-report");
    }

    @Override
    public void send(SchedulerTelemetry telemetry) {
        boolean ignored = writer.send(telemetry.scheduler(), TelemetryReader.write(telemetry));
    }
}
