package dev.littoral.agent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.events.AgentTelemetry;
import dev.littoral.protocol.events.TelemetryReader;
import java.time.Instant;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaTelemetryTest {

    private static final AgentTelemetry REPORT = new AgentTelemetry(
            "pod", "node", "default/md", "p1", 0, 4, 3, 1, 0, 17, 1000.5, 250.25, 1 << 28, Instant.EPOCH);

    private static MockProducer<String, byte[]> producer(boolean answers) {
        return new MockProducer<>(answers, null, new StringSerializer(), new ByteArraySerializer());
    }

    @Test
    void aReportIsARecordThatCanBeReadBack() {
        var kafka = producer(true);

        new KafkaTelemetry("broker:9092", kafka).offer(REPORT);

        assertThat(kafka.history()).hasSize(1);
        var written = kafka.history().getFirst();
        assertThat(written.topic()).isEqualTo("littoral.telemetry");
        assertThat(written.key()).isEqualTo("pod");
        assertThat(TelemetryReader.read(written.value())).contains(REPORT);
    }

    @Test
    void aBrokerThatDoesNotAnswerHoldsNoMoreThanEightReports() {
        var kafka = producer(false);
        var telemetry = new KafkaTelemetry("broker:9092", kafka);

        for (int i = 0; i < 100; i++) {
            telemetry.offer(REPORT);
        }

        assertThat(kafka.history()).hasSize(8);
    }

    @Test
    void reportsGoOnAfterOneThatFailed() {
        var kafka = producer(false);
        var telemetry = new KafkaTelemetry("broker:9092", kafka);
        for (int i = 0; i < 8; i++) {
            telemetry.offer(REPORT);
            kafka.errorNext(new TimeoutException("away"));
        }

        telemetry.offer(REPORT);

        assertThat(kafka.history()).hasSize(9);
    }
}
