package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.ReadRequest;
import dev.littoral.protocol.events.RequestReader;
import dev.littoral.protocol.events.WireRecord;
import dev.littoral.scheduler.request.BodyDigest;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Reads back which requests of a partition are answered, from the last one backwards. The requests themselves say so, by
 * the commit behind which they lie: each is one record, where an answer is as many as it has chunks.
 */
@Singleton
class RequestsTail {

    private static final Logger LOG = Logger.getLogger(RequestsTail.class);

    private static final String CHANNEL = "mp.messaging.incoming.requests.";
    private static final ByteArrayDeserializer BYTES = new ByteArrayDeserializer();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int MOST_AT_ONCE = 4096;

    /** So few at first, whatever they are long; from then on it is known. */
    private static final int FEWEST_AT_ONCE = 64;

    private static final int GROWTH = 4;

    /**
     * What reading back may take of one partition.
     *
     * @param bytes of keys, headers and values; the last ones read may be beyond it
     * @param time after which no more is read
     * @param silence longest wait for a record that is there
     */
    record Bounds(long bytes, Duration time, Duration silence) {

        static Bounds usual(Duration time) {
            return new Bounds(64L << 20, time, Duration.ofSeconds(10));
        }
    }

    private final RequestReader reader;
    private final Map<String, Object> settings;

    RequestsTail(KafkaSettings kafka, @Identifier("default-kafka-broker") Map<String, Object> defaults, Config config) {
        this.reader = new RequestReader(kafka.maxRequestBytes());
        this.settings = settings(defaults, config);
    }

    /**
     * Returns the digests of the bodies of the last {@code most} answered requests by their ids, the oldest first, or of
     * fewer where there are no more or the bounds are reached. Of requests with one id it is the first one's.
     *
     * @param progress says which are answered, and since when; all of them lie in the partition
     * @param time after which no more is read
     * @throws KafkaException when the broker gives nothing for longer than there is patience
     */
    SequencedMap<String, String> answered(TopicPartition requests, Progress progress, int most, Duration time) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, BYTES, BYTES)) {
            return answered(consumer, requests, progress, most, Bounds.usual(time));
        }
    }

    SequencedMap<String, String> answered(
            Consumer<byte[], byte[]> consumer, TopicPartition requests, Progress progress, int most, Bounds bounds) {
        long beganAt = System.nanoTime();
        List<TopicPartition> asked = List.of(requests);
        consumer.assign(asked);
        long first = Math.max(
                progress.since(),
                consumer.beginningOffsets(asked, bounds.silence()).getOrDefault(requests, 0L));
        long end = progress.end();
        Deque<Block> blocks = new ArrayDeque<>();
        Map<String, String> all = new HashMap<>();
        long from = end;
        long bytes = 0;
        int records = 0;
        int next = FEWEST_AT_ONCE;
        while (from > first
                && all.size() < most
                && bytes < bounds.bytes()
                && System.nanoTime() - beganAt < bounds.time().toNanos()) {
            Block block = new Block(Math.max(first, from - next), from);
            read(consumer, requests, progress, block, bounds.silence());
            blocks.addFirst(block);
            all.putAll(block.digests);
            from = block.from;
            bytes += block.bytes;
            records += block.records;
            long fit = (bounds.bytes() - bytes) * Math.max(1, records) / Math.max(1, bytes);
            next = Math.clamp(Math.min(fit, (long) next * GROWTH), 1, MOST_AT_ONCE);
        }
        SequencedMap<String, String> digests = new LinkedHashMap<>();
        blocks.forEach(block -> block.digests.forEach(digests::putIfAbsent));
        while (digests.size() > most) {
            digests.pollFirstEntry();
        }
        LOG.infof(
                "%s: %d answered requests are remembered, of those from offset %d to %d, %d bytes in %d ms",
                requests,
                digests.size(),
                from,
                end,
                bytes,
                Duration.ofNanos(System.nanoTime() - beganAt).toMillis());
        return digests;
    }

    /** What lies from an offset to in front of another. */
    private static final class Block {

        private final long from;
        private final long to;
        private final SequencedMap<String, String> digests = new LinkedHashMap<>();
        private long bytes;
        private int records;

        Block(long from, long to) {
            this.from = from;
            this.to = to;
        }
    }

    private void read(
            Consumer<byte[], byte[]> consumer,
            TopicPartition requests,
            Progress progress,
            Block block,
            Duration silence) {
        consumer.seek(requests, block.from);
        long reached = block.from;
        long giveUpAt = System.nanoTime() + silence.toNanos();
        while (reached < block.to) {
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                if (each.offset() < block.to) {
                    RequestRecord request = RequestRecord.of(each);
                    block.records++;
                    block.bytes += request.wire().valueBytes() + request.envelopeBytes();
                    if (progress.answered(each.offset())) {
                        note(request, block.digests);
                    }
                }
            }
            long now = consumer.position(requests, silence);
            if (now > reached) {
                reached = now;
                giveUpAt = System.nanoTime() + silence.toNanos();
            } else if (System.nanoTime() > giveUpAt) {
                throw new TimeoutException("of the requests from " + block.from + " to " + block.to + " of " + requests
                        + " nothing came behind " + reached + " for " + silence);
            }
        }
    }

    /** As {@link RequestHandler} takes it. */
    private void note(RequestRecord request, Map<String, String> digests) {
        WireRecord wire = request.wire();
        if (request.cut()) {
            noteRaw(reader.id(wire), wire, digests);
            return;
        }
        switch (reader.read(wire)) {
            case ReadRequest.Sound sound ->
                digests.putIfAbsent(
                        sound.event().id(), BodyDigest.of(sound.event().body()));
            case ReadRequest.Unreadable unreadable -> noteRaw(unreadable.id(), wire, digests);
        }
    }

    private static void noteRaw(Optional<String> id, WireRecord wire, Map<String, String> digests) {
        id.ifPresent(
                each -> digests.putIfAbsent(each, BodyDigest.of(wire.value().orElse(new byte[0]))));
    }

    /** As the channel reads them, above all with its isolation: what it was not given is not answered. */
    private static Map<String, Object> settings(Map<String, Object> defaults, Config config) {
        Map<String, Object> settings = new HashMap<>();
        for (String name : ConsumerConfig.configNames()) {
            Optional<Object> channel =
                    config.getOptionalValue(CHANNEL + name, String.class).map(Object.class::cast);
            channel.or(() -> Optional.ofNullable(defaults.get(name))).ifPresent(value -> settings.put(name, value));
        }
        settings.remove(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
        settings.remove(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
        settings.remove(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);
        settings.remove(ConsumerConfig.CLIENT_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_AT_ONCE);
        // what retention takes away meanwhile has nothing to say
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return settings;
    }
}
