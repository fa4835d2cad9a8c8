package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.kafka.PartitionTakeover.Occasion;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionTakeoverTest {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.REQUESTS, 2);
    private static final TopicPartition ANSWERS = new TopicPartition(Topics.RESPONSES, 2);
    private static final Node BROKER = new Node(0, "localhost", 9092);
    private static final HandlerRig.Settings SETTINGS = new HandlerRig.Settings();

    private final MockConsumer<byte[], byte[]> client = new MockConsumer<>("earliest");
    private final RequestBooks books = new RequestBooks();
    private final OnceOnly onceOnly = new OnceOnly(SETTINGS);
    private final Topic topic = new Topic();
    private final Answers answers = new Answers();
    private final Writers writers = new Writers();
    private final AtomicInteger broken = new AtomicInteger();
    private final PartitionTakeover takeover = new PartitionTakeover(
            () -> client,
            books,
            onceOnly,
            topic,
            new NothingRemembered(),
            new FinalsBehind(answers),
            writers,
            Duration.ofMillis(1));

    @BeforeEach
    void letThereBeTopics() {
        client.assign(List.of(PARTITION));
        client.updatePartitions(Topics.REQUESTS, partitions(Topics.REQUESTS, 4));
        client.updatePartitions(Topics.RESPONSES, partitions(Topics.RESPONSES, 4));
        client.updateBeginningOffsets(Map.of(PARTITION, 0L));
        client.updateEndOffsets(Map.of(PARTITION, 20L, ANSWERS, 100L));
    }

    @Test
    void aPartitionWhoseFenceEndedInAnErrorIsTakenInTheEnd() {
        writers.errors = 2;

        take();

        assertThat(books.of(2)).isPresent();
        assertThat(writers.made).hasSize(3);
        assertThat(writers.made.getFirst().closed).isTrue();
        assertThat(writers.made.getLast().resumed).isTrue();
    }

    @Test
    void aPartitionIsTakenOnlyWhenThereIsATopicOfAnswersToLookAt() {
        client.updatePartitions(Topics.RESPONSES, List.of());
        topic.whenAsked = 3;
        topic.then = () -> client.updatePartitions(Topics.RESPONSES, partitions(Topics.RESPONSES, 4));

        take();

        assertThat(topic.asked).isEqualTo(3);
        assertThat(book().entry(0).answersPartition()).hasValue(2);
    }

    @Test
    void finalsThatTheCommitDoesNotKnowOfAreRememberedUntilTheirRequestsAreDone() {
        commit(new Progress(17, 17, new TreeSet<>(), new TreeMap<>(Map.of(2, 90L)), 0, topic.id));
        IntStream.range(0, 1000).forEach(each -> answers.finals.put("r" + each, "digest"));

        take();

        assertThat(begin("r0")).isInstanceOf(OnceOnly.Start.Again.class);
        assertThat(book().progress().answersFrom()).containsExactly(Map.entry(2, 90L));
        // the log ends at 20
        for (long offset = 17; offset < 20; offset++) {
            book().read(offset);
            book().done(offset);
        }
        assertThat(book().progress().answersFrom()).containsExactly(Map.entry(2, 100L));
        assertThat(IntStream.range(0, 1000).filter(each -> begin("r" + each) instanceof OnceOnly.Start.Again))
                .hasSize(100);
    }

    @Test
    void finalsAreLookedForInThePartitionThatTheAnswersHadWhenTheyWereCommitted() {
        TopicPartition old = new TopicPartition(Topics.RESPONSES, 1);
        client.updateEndOffsets(Map.of(old, 50L));
        commit(new Progress(17, 17, new TreeSet<>(), new TreeMap<>(Map.of(1, 40L, 77, 3L)), 0, topic.id));
        answers.finals.put("r", "digest");

        take();

        assertThat(answers.asked).containsExactly(old + " from 40");
        assertThat(book().progress().answersFrom()).containsExactly(Map.entry(1, 40L), Map.entry(2, 100L));
    }

    @Test
    void whatRetentionTookAwayIsNotWaitedForAndIsNotAskedFor() {
        commit(new Progress(2, 12, new TreeSet<>(Set.of(2L, 9L)), new TreeMap<>(Map.of(2, 100L)), 0, topic.id));
        client.updateBeginningOffsets(Map.of(PARTITION, 6L));

        take();

        assertThat(client.position(PARTITION)).isEqualTo(6);
        assertThat(book().progress().next()).isEqualTo(9);
        assertThat(book().read(8)).isFalse();
        assertThat(book().read(9)).isTrue();
    }

    @Test
    void ofATopicThatWasMadeAnewEverythingIsReadAndCommittedAtOnce() {
        commit(new Progress(5, 5, new TreeSet<>(), new TreeMap<>(Map.of(2, 100L)), 0, Optional.of(new Uuid(9, 9))));

        take();

        assertThat(client.position(PARTITION)).isZero();
        assertThat(book().read(0)).isTrue();
        assertThat(Progress.of(0, committed(), 0).topic()).isEqualTo(topic.id);
    }

    @Test
    void whoGoesOnWithATopicThatWasMadeAnewKnowsWhatItAnswered() {
        client.seek(PARTITION, 5);
        onceOnly.remember(2, Map.of("r", "digest"));

        takeover.take(List.of(PARTITION), Occasion.MADE_ANEW, broken::incrementAndGet);

        assertThat(client.position(PARTITION)).isZero();
        assertThat(begin("r")).isInstanceOf(OnceOnly.Start.Again.class);
    }

    @Test
    void aPartitionThatWasOverlookedIsReadFromItsCommit() {
        commit(new Progress(3, 3, new TreeSet<>(), new TreeMap<>(Map.of(2, 100L)), 0, topic.id));
        client.seek(PARTITION, 8);

        takeover.take(List.of(PARTITION), Occasion.OVERLOOKED, broken::incrementAndGet);

        assertThat(client.position(PARTITION)).isEqualTo(3);
    }

    @Test
    void aPartitionThatItsTopicNoLongerHasIsLeftOut() {
        topic.partitions = 2;

        take();

        assertThat(books.all()).isEmpty();
        assertThat(writers.made).isEmpty();
    }

    private void take() {
        takeover.take(List.of(PARTITION), Occasion.ASSIGNED, broken::incrementAndGet);
    }

    private PartitionBook book() {
        return books.of(2).orElseThrow();
    }

    private void commit(Progress progress) {
        client.commitSync(Progress.offsets(Map.of(PARTITION, progress)));
    }

    private String committed() {
        return Optional.ofNullable(client.committed(Set.of(PARTITION)).get(PARTITION))
                .orElseThrow()
                .metadata();
    }

    private OnceOnly.Start begin(String id) {
        OnceOnly.Run run = OnceOnly.Run.begin(2);
        OnceOnly.Start start = onceOnly.begin(id, "digest", run);
        if (start instanceof OnceOnly.Start.Fresh) {
            onceOnly.leave(id, run);
        }
        return start;
    }

    private static List<PartitionInfo> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(each -> new PartitionInfo(topic, each, BROKER, new Node[] {BROKER}, new Node[] {BROKER}))
                .toList();
    }

    private static final class Topic extends RequestsTopic {

        private final Optional<Uuid> id = Optional.of(new Uuid(1, 2));
        private int partitions = 4;
        private int asked;
        private int whenAsked;
        private Runnable then = () -> {};

        Topic() {
            super(new LastingAdmin(Map.of()));
        }

        @Override
        Seen now() {
            if (++asked == whenAsked) {
                then.run();
            }
            return new Seen(id, partitions);
        }
    }

    private static final class Answers extends FinalsTail {

        private final Map<String, String> finals = new HashMap<>();
        private final List<String> asked = new ArrayList<>();

        Answers() {
            super(Map.of());
        }

        @Override
        Map<String, String> idsFrom(TopicPartition partition, long from, Duration patience, Duration age) {
            asked.add(partition + " from " + from);
            return finals;
        }
    }

    private static final class NothingRemembered extends RequestsTail {

        NothingRemembered() {
            super(SETTINGS, Map.of(), new SmallRyeConfigBuilder().build());
        }

        @Override
        SequencedMap<String, String> answered(TopicPartition requests, Progress progress, int most, Duration time) {
            return new LinkedHashMap<>();
        }
    }

    private static final class Writers extends Finals {

        private final List<Writer> made = new ArrayList<>();
        private int errors;

        Writers() {
            super(
                    "group",
                    new HandlerRig.Written(),
                    new TransactionalProducers(Map.of(), new SmallRyeConfigBuilder().build()),
                    new AnswersEnds(new LastingAdmin(Map.of())),
                    SETTINGS);
        }

        @Override
        FinalsWriter of(int partition, Runnable whenBroken) {
            made.add(new Writer(errors-- > 0));
            return made.getLast();
        }
    }

    private static final class Writer implements FinalsWriter {

        private final boolean fails;
        private boolean resumed;
        private boolean closed;

        Writer(boolean fails) {
            this.fails = fails;
        }

        @Override
        public CompletableFuture<OptionalLong> write(String requestId, List<Publisher.Outgoing> last) {
            throw new UnsupportedOperationException("nothing is written here");
        }

        @Override
        public void fence() {
            if (fails) {
                throw new OutOfMemoryError("a test's own");
            }
        }

        @Override
        public void resume(Set<String> ended) {
            resumed = true;
        }

        @Override
        public boolean writes() {
            return resumed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
