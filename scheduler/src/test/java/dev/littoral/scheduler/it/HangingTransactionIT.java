package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.rig.FakeAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that has forgotten a transaction which its partitions take for open. */
class HangingTransactionIT {

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static final Map<String, String> TAKEN_FOR_DEAD_SOON = Map.of(
            "MP_MESSAGING_INCOMING_REQUESTS_SESSION_TIMEOUT_MS", "6000",
            "MP_MESSAGING_INCOMING_REQUESTS_HEARTBEAT_INTERVAL_MS", "500");

    private final FakeAgent agent = new FakeAgent("a", 4, FakeAgent.saying("to", "day"));

    @TempDir
    Path folder;

    private RealParts parts;
    private KafkaUser user;

    @BeforeEach
    void start() throws Exception {
        parts = new RealParts(folder, TAKEN_FOR_DEAD_SOON);
        parts.deploy(agent);
        user = new KafkaUser(parts.bootstrap());
    }

    @AfterEach
    void stop() {
        user.close();
        parts.close();
        agent.close();
    }

    @Test
    void whoTakesAPartitionOverEndsATransactionThatHangsThere() throws Exception {
        user.ask("before", CHAT);
        user.end("before");
        leaveOneOpen();
        forgetTransactions();
        parts.replaceBroker();

        parts.replaceScheduler();
        user.ask("behind", CHAT);

        assertThat(user.end("behind").has("error_code")).isFalse();
        assertThat(user.finals("before")).hasSize(1);
        assertThat(parts.schedulerLog()).contains("aborted a transaction that hung in " + Topics.RESPONSES);
    }

    private void leaveOneOpen() throws Exception {
        ByteArraySerializer bytes = new ByteArraySerializer();
        KafkaProducer<byte[], byte[]> other = new KafkaProducer<>(
                Map.of("bootstrap.servers", parts.bootstrap(), "transactional.id", "somebody-else"), bytes, bytes);
        try {
            other.initTransactions();
            other.beginTransaction();
            // where the requests of partition 0 are answered; each partition that hangs takes 10 s
            other.send(new ProducerRecord<>(Topics.RESPONSES, 0, new byte[0], new byte[0]))
                    .get();
        } finally {
            parts.killBroker(); // or closing would end it
            other.close(Duration.ZERO);
        }
    }

    private void forgetTransactions() throws IOException {
        try (Stream<Path> below = Files.walk(folder.resolve("kafka/__transaction_state-0"))) {
            below.sorted(Comparator.reverseOrder()).forEach(HangingTransactionIT::delete);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
