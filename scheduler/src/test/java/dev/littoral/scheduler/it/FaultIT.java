package dev.littoral.scheduler.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents, schedulers and the broker are killed, and schedulers are stopped until they are taken for dead and then go on,
 * at moments that the seed tells, while requests flow, one in ten of them sent again
 * at once or later: {@code -Dlittoral.fault.requests}, {@code .seed}.
 */
class FaultIT {

    private static final int REQUESTS = Integer.getInteger("littoral.fault.requests", 10_000);
    private static final long SEED = Long.getLong("littoral.fault.seed", 42);
    private static final int ON_THEIR_WAY = 600;
    private static final int PARTITIONS = 4;

    /** One request in so many is sent again. */
    private static final int ONE_IN = 10;

    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Map<String, String> TAKEN_FOR_DEAD_SOON = Map.of(
            "MP_MESSAGING_INCOMING_REQUESTS_SESSION_TIMEOUT_MS", "6000",
            "MP_MESSAGING_INCOMING_REQUESTS_HEARTBEAT_INTERVAL_MS", "1000",
            // ten thousand prompts of one word teach nothing, and a scheduler that starts over and over reads no
            // prompts
            "LITTORAL_LENGTH_ENCODER", "false");

    @Test
    void everyRequestHasExactlyOneFinalWhateverIsKilled(@TempDir Path folder) throws Exception {
        Ledger ledger = new Ledger();
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<String> failure = new AtomicReference<>("");
        try (RealParts parts = new RealParts(folder, TAKEN_FOR_DEAD_SOON);
                Chaos chaos = new Chaos(parts, SEED)) {
            String bootstrap = parts.bootstrap();
            Semaphore permits = new Semaphore(ON_THEIR_WAY);
            Thread reader = Thread.ofPlatform().start(() -> read(bootstrap, ledger, permits, over));
            Thread writer = Thread.ofPlatform().start(() -> write(bootstrap, permits, failure));

            while (ledger.ended() < REQUESTS && failure.get().isEmpty()) {
                chaos.next(() -> ledger.ended() >= REQUESTS);
            }

            writer.join();
            try (KafkaUser user = new KafkaUser(bootstrap)) {
                await("all offsets to be committed")
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> {
                            for (int partition = 0; partition < PARTITIONS; partition++) {
                                if (user.committed(partition) < user.end(partition)) {
                                    return false;
                                }
                            }
                            return true;
                        });
            }
            // whatever is still on its way comes now
            await().pollDelay(QUIET).until(() -> true);
            over.set(true);
            reader.join();
            System.out.printf("%d requests, seed %d: %s; ends %s%n", REQUESTS, SEED, chaos.events(), ledger.ends());
        }

        assertThat(failure.get()).isEmpty();
        assertThat(ledger.doubled()).isEmpty();
        assertThat(ledger.ended()).isEqualTo(REQUESTS);
        assertThat(ledger.faults()).isEmpty();
        Set<String> wrong = new HashSet<>();
        for (int each = 0; each < REQUESTS; each++) {
            String answer = ledger.answer("r" + each);
            if (!answer.isEmpty() && !answer.equals(String.join("", EchoAgent.wordsOf("p" + each)))) {
                wrong.add("r" + each);
            }
        }
        assertThat(wrong).isEmpty();
        // an answer may be lost with its second agent, and says so; that is not the rule
        assertThat(ledger.ends().keySet()).isSubsetOf("OK", "AGENT_LOST");
        assertThat(ledger.ends().getOrDefault("OK", 0)).isGreaterThan(REQUESTS * 95 / 100);
    }

    private static void write(String bootstrap, Semaphore permits, AtomicReference<String> failure) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", 5, "delivery.timeout.ms", 240_000),
                new StringSerializer(),
                new ByteArraySerializer())) {
            SplittableRandom random = new SplittableRandom(SEED);
            for (int each = 0; each < REQUESTS; each++) {
                permits.acquire();
                send(producer, each, failure);
                if (random.nextInt(ONE_IN) == 0) {
                    send(producer, random.nextBoolean() ? each : random.nextInt(each + 1), failure);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(KafkaProducer<String, byte[]> producer, int number, AtomicReference<String> failure) {
        String id = "r" + number;
        String body = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"p" + number + "\"}]}";
        ProducerRecord<String, byte[]> request =
                new ProducerRecord<>("littoral.requests", number % PARTITIONS, "key-" + id, body.getBytes(UTF_8));
        request.headers()
                .add("ce_specversion", "1.0".getBytes(UTF_8))
                .add("ce_id", id.getBytes(UTF_8))
                .add("ce_source", "test".getBytes(UTF_8))
                .add("ce_type", "dev.littoral.request".getBytes(UTF_8));
        var ignored = producer.send(request, (metadata, e) -> {
            if (e != null) {
                failure.set(e.toString());
            }
        });
    }

    private static void read(String bootstrap, Ledger ledger, Semaphore permits, AtomicBoolean over) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("littoral.responses").stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!over.get()) {
                int before = ledger.ended();
                consumer.poll(Duration.ofMillis(200)).forEach(ledger::read);
                permits.release(ledger.ended() - before);
            }
        }
    }
}
