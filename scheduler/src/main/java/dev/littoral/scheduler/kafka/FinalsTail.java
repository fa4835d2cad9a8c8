package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.events.EventNames;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads which requests have their final in the last part of a partition of answers. */
@Singleton
class FinalsTail {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final ByteArrayDeserializer KEYS = new ByteArrayDeserializer();

    private final Map<String, Object> defaults;
    private final HangingTransactions hanging;

    FinalsTail(@Identifier("default-kafka-broker") Map<String, Object> defaults) {
        this.defaults = defaults;
        this.hanging = new HangingTransactions(defaults);
    }

    /**
     * Returns the ids of the requests whose finals lie from {@code from} on, with the digests of their bodies. A
     * transaction that nobody would ever end is aborted when nothing comes.
     *
     * @param age a transaction is aborted only when it was seen to hang for so long, here or in calls before
     * @throws KafkaException when the broker gives nothing more for {@code patience}
     */
    Map<String, String> idsFrom(TopicPartition answers, long from, Duration patience, Duration age) {
        Map<String, String> ids = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings("read_committed"), KEYS, KEYS);
                // the last record may be of a transaction that is not decided yet
                KafkaConsumer<byte[], byte[]> ends = new KafkaConsumer<>(settings("read_uncommitted"), KEYS, KEYS)) {
            consumer.assign(List.of(answers));
            long end = ends.endOffsets(List.of(answers), patience).getOrDefault(answers, 0L);
            // one that is shorter than it was lost what was known of it
            long reached = from <= end ? from : 0;
            consumer.seek(answers, reached);
            long giveUpAt = System.nanoTime() + patience.toNanos();
            while (consumer.position(answers, patience) < end) {
                consumer.poll(POLL)
                        .forEach(each -> finalOf(each)
                                .ifPresent(id -> ids.put(
                                        id,
                                        header(each, EventNames.HEADER_PREFIX + EventNames.BODY_DIGEST)
                                                .orElse(""))));
                if (consumer.position(answers, patience) > reached) {
                    reached = consumer.position(answers, patience);
                    giveUpAt = System.nanoTime() + patience.toNanos();
                } else if (System.nanoTime() > giveUpAt) {
                    hanging.abort(answers, age);
                    throw new TimeoutException("of the answers from " + from + " to " + end + " of " + answers
                            + " nothing came behind " + reached + " for " + patience);
                }
            }
        }
        return ids;
    }

    private static Optional<String> finalOf(ConsumerRecord<byte[], byte[]> answer) {
        return header(answer, EventNames.HEADER_PREFIX + "type")
                .filter(EventNames.FINAL_TYPE::equals)
                .flatMap(type -> header(answer, EventNames.HEADER_PREFIX + EventNames.REQUEST_ID));
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> answer, String name) {
        return Optional.ofNullable(answer.headers().lastHeader(name))
                .map(Header::value)
                .map(bytes -> new String(bytes, UTF_8));
    }

    private Map<String, Object> settings(String isolation) {
        Map<String, Object> settings = new HashMap<>(defaults);
        settings.keySet().retainAll(ConsumerConfig.configNames());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // a part that retention has taken away meanwhile has nothing to say
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return settings;
    }
}
