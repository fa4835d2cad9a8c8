package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.events.SchedulerTelemetry;
import dev.littoral.protocol.events.TelemetryReader;
import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.traffic.TrafficReports;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/** Writes reports to the topic of telemetry, one at a time; while Kafka is away it drops them. */
@ApplicationScoped
class KafkaTrafficReports implements TrafficReports {

    private static final Logger LOG = Logger.getLogger(KafkaTrafficReports.class);

    private final KafkaClientService clients;
    private final AtomicBoolean unsent = new AtomicBoolean();

    KafkaTrafficReports(KafkaClientService clients) {
        this.clients = clients;
    }

    @Override
    public void send(SchedulerTelemetry telemetry) {
        if (!unsent.compareAndSet(false, true)) {
            return;
        }
        // a producer without metadata waits for the broker
        Thread.ofVirtual().name("traffic-report").start(() -> {
            try {
                Producer<byte[], byte[]> producer = clients.<byte[], byte[]>getProducer(ChannelPublisher.RESPONSES)
                        .unwrap();
                var ignored = producer.send(
                        new ProducerRecord<>(
                                Topics.TELEMETRY,
                                telemetry.scheduler().getBytes(UTF_8),
                                TelemetryReader.write(telemetry)),
                        (metadata, failure) -> unsent.set(false));
            } catch (KafkaException | IllegalStateException e) {
                LOG.debugf("no traffic report: %s", e.getMessage());
                unsent.set(false);
            }
        });
    }
}
