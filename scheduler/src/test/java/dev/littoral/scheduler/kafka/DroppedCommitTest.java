package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A broker that was killed says yes to a commit and never marks it in a partition: what lies there is taken away. */
class DroppedCommitTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Node BROKER = new Node(0, "localhost", 9092);
    private static final Cluster CLUSTER =
            new Cluster("c", List.of(BROKER), List.of(partition(0), partition(1)), Set.of(), Set.of());

    /** A partition of answers as its readers see it. */
    private final class Answers {

        final int number;
        final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
        final AtomicInteger broken = new AtomicInteger();
        final FencedFinals finals;

        Answers(int number) {
            this.number = number;
            this.finals = new FencedFinals(
                    "p" + number,
                    "answers",
                    id -> producer(),
                    new UnseenFinals(watch, PATIENCE, nanos::get),
                    broken::incrementAndGet);
            ends.put(number, Long.MAX_VALUE);
        }

        private Producer<byte[], byte[]> producer() {
            MockProducer<byte[], byte[]> producer =
                    new MockProducer<>(CLUSTER, true, null, new ByteArraySerializer(), new ByteArraySerializer());
            producers.add(producer);
            return producer;
        }

        CompletableFuture<OptionalLong> write(String id) {
            return finals.write(
                    id,
                    List.of(new Publisher.Outgoing(
                            Optional.of(id.getBytes(UTF_8)),
                            OptionalInt.of(number),
                            Map.of(),
                            Optional.of(new byte[1]))));
        }

        /** Counts the committed records, those that a broker has lost since among them. */
        List<String> committed() {
            return producers.stream()
                    .flatMap(each -> each.history().stream())
                    .map(each -> new String(each.key(), UTF_8))
                    .toList();
        }

        void openAnew(Set<String> found) {
            finals.fence();
            finals.resume(found);
        }
    }

    private final AtomicLong nanos = new AtomicLong();
    private final Map<Integer, Long> ends = new ConcurrentHashMap<>();
    private final List<Set<Integer>> questions = new CopyOnWriteArrayList<>();
    private final AtomicReference<Optional<RuntimeException>> refusal = new AtomicReference<>(Optional.empty());
    private final FinalsWatch watch = new FinalsWatch(this::endsOf, Duration.ofMillis(1), Duration.ofMillis(1), 1);

    private Map<Integer, Long> endsOf(Set<Integer> partitions) {
        questions.add(partitions);
        refusal.get().ifPresent(each -> {
            throw each;
        });
        Map<Integer, Long> told = new HashMap<>(ends);
        told.keySet().retainAll(partitions);
        return told;
    }

    @AfterEach
    void endTheWatch() {
        watch.close();
    }

    @Test
    void aFinalWhoseCommitIsDroppedIsWrittenAgainOnceWhileAnotherPartitionGoesOn() throws Exception {
        Answers sound = new Answers(0);
        Answers struck = new Answers(1);
        // nothing behind offset 0 can be read: the transaction hangs
        ends.put(1, 0L);
        sound.openAnew(Set.of());
        struck.openAnew(Set.of());
        CompletableFuture<OptionalLong> lost = struck.write("lost");
        await().until(() -> struck.committed().equals(List.of("lost")));
        assertThat(sound.write("first").get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(lost).isNotDone();

        losePatienceWith(struck);
        // its coordinator has aborted what hung: the records are gone, and readers go on
        struck.producers.clear();
        ends.put(1, Long.MAX_VALUE);
        assertThat(lost).isNotDone();
        struck.openAnew(Set.of());

        assertThat(lost.get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(struck.committed()).containsExactly("lost");
        assertThat(sound.write("second").get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(sound.committed()).containsExactly("first", "second");
        assertThat(sound.broken).hasValue(0);
        assertThat(struck.broken).hasValue(1);
    }

    @Test
    void ofFinalsBehindEachOtherOnlyThoseThatAreLostAreWrittenAgain() throws Exception {
        Answers answers = new Answers(0);
        ends.put(0, 0L);
        answers.openAnew(Set.of());
        List<CompletableFuture<OptionalLong>> all = new ArrayList<>();
        for (int each = 0; each < 20; each++) {
            all.add(answers.write("r" + each));
        }
        await().until(() -> answers.committed().size() == 20);
        losePatienceWith(answers);
        answers.producers.clear();
        ends.put(0, Long.MAX_VALUE);

        // r0 to r9 are found where they are read back
        answers.openAnew(Set.of("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"));

        for (int each = 0; each < 20; each++) {
            assertThat(all.get(each).get(10, TimeUnit.SECONDS).isPresent()).isEqualTo(each >= 10);
        }
        assertThat(answers.committed())
                .containsExactlyInAnyOrder("r10", "r11", "r12", "r13", "r14", "r15", "r16", "r17", "r18", "r19");
    }

    @Test
    void aPartitionOfWhichNothingIsToldIsNotTakenForLost() throws Exception {
        Answers told = new Answers(0);
        Answers untold = new Answers(1);
        ends.remove(1);
        told.openAnew(Set.of());
        untold.openAnew(Set.of());
        CompletableFuture<OptionalLong> waiting = untold.write("r1");
        await().until(() -> untold.committed().equals(List.of("r1")));
        await().until(() -> questions.stream().anyMatch(each -> each.contains(1)));
        nanos.addAndGet(PATIENCE.multipliedBy(10).toNanos());
        int asked = questions.size();
        await().until(() -> questions.size() > asked + 5);

        assertThat(told.write("r0").get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(untold.broken).hasValue(0);
        assertThat(waiting).isNotDone();

        ends.put(1, 1L);
        assertThat(waiting.get(10, TimeUnit.SECONDS)).hasValue(0);
        assertThat(untold.committed()).containsExactly("r1");
    }

    @Test
    void aBrokerThatRefusesToSayIsAskedAgainAndNothingIsWrittenTwice() throws Exception {
        Answers answers = new Answers(0);
        refusal.set(Optional.of(new TimeoutException("a test's own")));
        answers.openAnew(Set.of());
        CompletableFuture<OptionalLong> waiting = answers.write("r1");
        await().until(() -> answers.committed().equals(List.of("r1")));
        await().until(() -> questions.stream().anyMatch(each -> each.contains(0)));
        nanos.addAndGet(PATIENCE.multipliedBy(10).toNanos());
        int asked = questions.size();
        await().until(() -> questions.size() > asked + 5);
        assertThat(answers.broken).hasValue(0);

        refusal.set(Optional.empty());

        assertThat(waiting.get(10, TimeUnit.SECONDS)).hasValue(0);
        assertThat(answers.committed()).containsExactly("r1");
    }

    @Test
    void oneQuestionIsAskedForAllPartitionsThatWaitAndNoneForOthers() {
        UnseenFinals first = new UnseenFinals(watch, PATIENCE, nanos::get);
        UnseenFinals second = new UnseenFinals(watch, PATIENCE, nanos::get);
        UnseenFinals idle = new UnseenFinals(watch, PATIENCE, nanos::get);
        first.add("lane", pending("a"), at(3, 5), first.now());
        second.add("lane", pending("b"), at(7, 5), second.now());
        ends.put(3, 0L);
        ends.put(7, 0L);
        idle.enter(() -> {});
        assertThat(questions).isEmpty();

        first.enter(() -> {});
        second.enter(() -> {});

        await().until(() -> questions.contains(Set.of(3, 7)));
    }

    @Test
    void aWatchWhoseOwnThreadIsEndedGoesOnForTheNextFinal() throws Exception {
        AtomicInteger interrupted = new AtomicInteger();
        FinalsWatch ended = new FinalsWatch(
                partitions -> {
                    if (interrupted.getAndIncrement() == 0) {
                        Thread.currentThread().interrupt();
                        return Map.of();
                    }
                    return Map.of(0, Long.MAX_VALUE);
                },
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                1);
        try {
            UnseenFinals unseen = new UnseenFinals(ended, PATIENCE, nanos::get);
            unseen.enter(() -> {});
            PendingFinal first = pending("first");
            unseen.add("lane", first, at(0, 0), 0);

            await().until(() -> {
                unseen.add("lane", pending("next"), at(0, 1), 0);
                return first.written().isDone();
            });

            assertThat(first.written().get()).hasValue(0);
        } finally {
            ended.close();
        }
    }

    @Test
    void anErrorOfOneThatIsLostDoesNotEndTheWatchOfTheOthers() throws Exception {
        UnseenFinals struck = new UnseenFinals(watch, PATIENCE, nanos::get);
        UnseenFinals sound = new UnseenFinals(watch, PATIENCE, nanos::get);
        AtomicInteger lost = new AtomicInteger();
        struck.enter(() -> {
            lost.incrementAndGet();
            throw new OutOfMemoryError("a test's own");
        });
        sound.enter(() -> {});
        ends.put(1, 0L);
        struck.add("lane", pending("struck"), at(1, 0), 0);
        nanos.addAndGet(PATIENCE.plusSeconds(1).toNanos());
        await().until(() -> lost.get() == 1);
        assertThat(struck.isWatched()).isFalse();

        PendingFinal next = pending("next");
        sound.add("lane", next, at(0, 4), sound.now());
        ends.put(0, 5L);

        assertThat(next.written().get(10, TimeUnit.SECONDS)).hasValue(4);
    }

    /** Time passes until it is noticed: a final is noted some moment behind its commit. */
    private void losePatienceWith(Answers answers) {
        await().until(() -> {
            nanos.addAndGet(PATIENCE.plusSeconds(1).toNanos());
            return answers.broken.get() == 1;
        });
    }

    private static PartitionInfo partition(int number) {
        return new PartitionInfo("answers", number, BROKER, new Node[] {BROKER}, new Node[] {BROKER});
    }

    private static PendingFinal pending(String id) {
        return new PendingFinal(id, List.of(), new CompletableFuture<>());
    }

    private static RecordMetadata at(int partition, long offset) {
        return new RecordMetadata(new TopicPartition("answers", partition), offset, 0, 0, 0, 0);
    }
}
