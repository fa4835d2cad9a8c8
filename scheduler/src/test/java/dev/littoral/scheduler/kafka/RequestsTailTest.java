package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.request.BodyDigest;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class RequestsTailTest {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.REQUESTS, 2);
    private static final RequestsTail.Bounds WIDE =
            new RequestsTail.Bounds(1 << 20, Duration.ofMinutes(1), Duration.ofMinutes(1));

    private final Log log = new Log();
    private final RequestsTail tail =
            new RequestsTail(new HandlerRig.Settings(), Map.of(), new SmallRyeConfigBuilder().build());

    @Test
    void theLastAnsweredRequestsAreFoundFromTheEndBackwards() {
        IntStream.range(0, 3000).forEach(each -> log.add("r" + each, body(each)));

        SequencedMap<String, String> found = read(Progress.startingAt(3000), 0, 1000, WIDE);

        assertThat(found.keySet())
                .containsExactlyElementsOf(
                        IntStream.range(2000, 3000).mapToObj(each -> "r" + each).toList());
        assertThat(found).containsEntry("r2500", BodyDigest.of(body(2500)));
        assertThat(log.given).isLessThan(3000);
    }

    @Test
    void whatIsNotAnsweredIsNotFound() {
        IntStream.range(0, 10).forEach(each -> log.add("r" + each, body(each)));
        Progress gaps = new Progress(5, 9, new TreeSet<>(List.of(5L, 7L)), new TreeMap<>(), 0, Optional.empty());

        assertThat(read(gaps, 0, 100, WIDE).keySet()).containsExactly("r0", "r1", "r2", "r3", "r4", "r6", "r8");
    }

    @Test
    void whatLiesBeforeTheGroupWasMovedByHandIsNotFound() {
        IntStream.range(0, 10).forEach(each -> log.add("r" + each, body(each)));

        assertThat(read(Progress.startingAt(10), 7, 100, WIDE).keySet()).containsExactly("r7", "r8", "r9");
    }

    @Test
    void whatRetentionTookAwayIsLeftOut() {
        IntStream.range(0, 10).forEach(each -> log.add("r" + each, body(each)));
        log.begin(4);

        assertThat(read(Progress.startingAt(10), 0, 100, WIDE)).hasSize(6);
    }

    @Test
    void anIdThatIsReusedStandsForTheFirstRequestThatHadIt() {
        log.add("r", "{\"a\":1}");
        IntStream.range(0, 100).forEach(each -> log.add("r" + each, body(each)));
        log.add("r", "{\"a\":2}");

        assertThat(read(Progress.startingAt(102), 0, 200, WIDE)).containsEntry("r", BodyDigest.of("{\"a\":1}"));
    }

    @Test
    void aRecordThatNobodyCanServeHasItsFinalToo() {
        log.add("r", "no json");

        assertThat(read(Progress.startingAt(1), 0, 10, WIDE)).containsEntry("r", BodyDigest.of("no json"));
    }

    @Test
    void noMoreIsReadThanTheBytesAllow() {
        String long1000 = "{\"a\":\"" + "x".repeat(992) + "\"}";
        IntStream.range(0, 500).forEach(each -> log.add("r" + each, long1000));

        // with its headers each has 1000 and (14 + 3) + (5 + 4) + (9 + 4) + (7 + 20) bytes
        RequestsTail.Bounds bounds = new RequestsTail.Bounds(100 * 1066, Duration.ofMinutes(1), Duration.ofMinutes(1));

        assertThat(read(Progress.startingAt(500), 0, 500, bounds)).hasSize(100).containsKeys("r400", "r499");
    }

    @Test
    void aRequestWhoseKeyAndHeadersWereTooLongIsAnsweredToo() {
        log.add("r", body(0), Map.of("x-note", "x".repeat(RequestRecord.MAX_ENVELOPE_BYTES)));

        assertThat(read(Progress.startingAt(1), 0, 10, WIDE)).containsEntry("r", BodyDigest.of(body(0)));
    }

    @Test
    void noMoreIsReadThanTheTimeAllows() {
        IntStream.range(0, 500).forEach(each -> log.add("r" + each, body(each)));

        RequestsTail.Bounds bounds = new RequestsTail.Bounds(1 << 20, Duration.ZERO, Duration.ofMinutes(1));

        assertThat(read(Progress.startingAt(500), 0, 500, bounds)).isEmpty();
    }

    @Test
    void aBrokerThatGivesNothingIsAFailure() {
        log.end(5);
        RequestsTail.Bounds bounds = new RequestsTail.Bounds(1 << 20, Duration.ofMinutes(1), Duration.ZERO);

        assertThatThrownBy(() -> read(Progress.startingAt(5), 0, 10, bounds)).isInstanceOf(TimeoutException.class);
    }

    private SequencedMap<String, String> read(Progress progress, long since, int most, RequestsTail.Bounds bounds) {
        Progress from = new Progress(
                progress.next(), progress.end(), progress.open(), progress.answersFrom(), since, progress.topic());
        return tail.answered(log, PARTITION, from, most, bounds);
    }

    private static String body(int number) {
        return "{\"n\":" + number + "}";
    }

    /** A partition that can be read as often as one likes, a few records at once. */
    private static final class Log extends MockConsumer<byte[], byte[]> {

        private static final int MOST_AT_ONCE = 50;

        private final TreeMap<Long, ConsumerRecord<byte[], byte[]>> records = new TreeMap<>();
        private int given;

        Log() {
            super("earliest");
            begin(0);
        }

        void begin(long offset) {
            records.headMap(offset).clear();
            updateBeginningOffsets(Map.of(PARTITION, offset));
        }

        void end(long offset) {
            updateEndOffsets(Map.of(PARTITION, offset));
        }

        void add(String id, String body) {
            add(id, body, Map.of());
        }

        void add(String id, String body, Map<String, String> more) {
            long offset = records.isEmpty() ? 0 : records.lastKey() + 1;
            ConsumerRecord<byte[], byte[]> request = new ConsumerRecord<>(
                    PARTITION.topic(), PARTITION.partition(), offset, new byte[0], body.getBytes(UTF_8));
            Map.of("specversion", "1.0", "id", id, "source", "test", "type", "dev.littoral.request")
                    .forEach((name, value) -> request.headers().add("ce_" + name, value.getBytes(UTF_8)));
            more.forEach((name, value) -> request.headers().add(name, value.getBytes(UTF_8)));
            records.put(offset, request);
            updateEndOffsets(Map.of(PARTITION, offset + 1));
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            records.tailMap(position(PARTITION)).values().stream()
                    .limit(MOST_AT_ONCE)
                    .forEach(this::addRecord);
            ConsumerRecords<byte[], byte[]> some = super.poll(timeout);
            given += some.count();
            return some;
        }
    }
}
