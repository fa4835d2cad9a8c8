package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.rig.OneProducer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TelemetryWriterTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final TopicsThere topics = new TopicsThere();
    private final MockProducer<byte[], byte[]> broker =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    @BeforeEach
    void make() {
        topics.seen(List.of(Topics.TELEMETRY));
    }

    private static Stream<Runnable> failures() {
        return Stream.of(
                () -> {
                    throw new NullPointerException("no producer yet");
                },
                () -> {
                    throw new IllegalStateException("the producer is closed");
                },
                () -> {
                    throw new OutOfMemoryError("no thread can be started");
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void afterARecordThatFailedTheNextIsSent(Runnable failure) {
        AtomicInteger asked = new AtomicInteger();
        TelemetryWriter writer = new TelemetryWriter(
                new OneProducer(() -> {
                    if (asked.incrementAndGet() == 1) {
                        failure.run();
                    }
                    return broker;
                }),
                topics,
                "test");

        assertThat(writer.send("s", "lost".getBytes(UTF_8))).isTrue();

        await().atMost(LONG).until(() -> writer.send("s", "sent".getBytes(UTF_8)));
        await().atMost(LONG).until(() -> broker.history().size() == 1);
        assertThat(broker.history().getFirst().value()).isEqualTo("sent".getBytes(UTF_8));
    }

    @Test
    void nothingIsSentBeforeTheTopicIsThere() {
        TelemetryWriter writer = new TelemetryWriter(
                new OneProducer(() -> {
                    throw new AssertionError("a producer that asks for the topic has the broker make it");
                }),
                new TopicsThere(),
                "test");

        assertThat(writer.send("s", new byte[1])).isFalse();
    }

    @Test
    void oneRecordIsOnItsWayAtATime() {
        MockProducer<byte[], byte[]> slow =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        TelemetryWriter writer = new TelemetryWriter(new OneProducer(() -> slow), topics, "test");
        assertThat(writer.send("s", new byte[1])).isTrue();
        await().atMost(LONG).until(() -> slow.history().size() == 1);

        boolean second = writer.send("s", new byte[1]);
        slow.completeNext();

        assertThat(second).isFalse();
        assertThat(writer.send("s", new byte[1])).isTrue();
    }
}
