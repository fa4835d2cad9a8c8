package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FencedFinalsTest {

    private final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final AtomicInteger transactions = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final AtomicLong stable = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<Runnable> look = new AtomicReference<>(() -> {});
    private final FinalsWatch watch = new FinalsWatch(
            partitions -> {
                look.get().run();
                return Map.of(0, stable.get());
            },
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            1);
    private final FencedFinals finals = new FencedFinals(
            "p0",
            "answers",
            this::producer,
            new UnseenFinals(watch, Duration.ofSeconds(20), nanos::get),
            broken::incrementAndGet);

    @AfterEach
    void endTheWatch() {
        watch.close();
    }

    @Test
    void theIdsOfItsTransactionsBelongToThePartition() {
        finals.fence();

        assertThat(ids).containsExactly("p0-0", "p0-1", "p0-2", "p0-3");
        assertThat(producers)
                .allSatisfy(each -> assertThat(each.transactionInitialized()).isTrue());
    }

    @Test
    void whatWaitsIsWrittenOnceItGoesOn() throws Exception {
        CompletableFuture<OptionalLong> first = finals.write("r1", List.of(outgoing("r1")));
        finals.fence();
        finals.resume(Set.of());

        assertThat(first.get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(finals.write("r2", List.of(outgoing("r2"))).get(10, TimeUnit.SECONDS))
                .isPresent();
        assertThat(written()).containsExactlyInAnyOrder("r1", "r2");
    }

    @Test
    void aLastChunkLiesInFrontOfItsFinalInTheSameTransaction() throws Exception {
        finals.fence();
        finals.resume(Set.of());

        assertThat(finals.write("r1", List.of(outgoing("chunk"), outgoing("final")))
                        .get(10, TimeUnit.SECONDS))
                .isPresent();

        assertThat(written()).containsExactly("chunk", "final");
        assertThat(producers.stream().mapToLong(MockProducer::commitCount).sum())
                .isEqualTo(1);
    }

    @Test
    void whoeverIsFencedWritesNothingAndSaysSoOnce() throws Exception {
        finals.fence();
        producers.forEach(MockProducer::fenceProducer);
        finals.resume(Set.of());

        CompletableFuture<OptionalLong> final1 = finals.write("r1", List.of(outgoing("r1")));
        CompletableFuture<OptionalLong> final2 = finals.write("r2", List.of(outgoing("r2")));

        await().until(() -> broken.get() == 1);
        assertThat(written()).isEmpty();
        assertThat(final1).isNotDone();
        assertThat(final2).isNotDone();
        assertThat(finals.writes()).isFalse();
    }

    @Test
    void whoeverIsTheOwnerStillGoesOnWithWhatIsNotWrittenYet() throws Exception {
        finals.fence();
        producers.forEach(MockProducer::fenceProducer);
        finals.resume(Set.of());
        CompletableFuture<OptionalLong> there = finals.write("there", List.of(outgoing("there")));
        CompletableFuture<OptionalLong> missing = finals.write("missing", List.of(outgoing("missing")));
        await().until(() -> broken.get() == 1);

        finals.fence();
        finals.resume(Set.of("there"));

        assertThat(there.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(missing.get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(written()).containsExactly("missing");
    }

    @Test
    void aFinalIsWrittenOnceReadersCanReadIt() throws Exception {
        stable.set(0);
        finals.fence();
        finals.resume(Set.of());
        CompletableFuture<OptionalLong> hidden = finals.write("r1", List.of(outgoing("r1")));
        await().until(() -> written().equals(List.of("r1")));
        assertThat(hidden).isNotDone();

        stable.set(1);

        assertThat(hidden.get(10, TimeUnit.SECONDS)).hasValue(0);
    }

    @Test
    void aFinalThatWasCommittedAndNeverShownIsWrittenAgainWithItsChunkWhereItIsNotFound() throws Exception {
        stable.set(0);
        finals.fence();
        finals.resume(Set.of());
        CompletableFuture<OptionalLong> hidden = finals.write("r1", List.of(outgoing("chunk"), outgoing("r1")));
        await().until(() -> written().equals(List.of("chunk", "r1")));
        nanos.addAndGet(Duration.ofSeconds(21).toNanos());
        await().until(() -> broken.get() == 1);
        producers.clear();

        finals.fence();
        stable.set(Long.MAX_VALUE);
        finals.resume(Set.of());

        assertThat(hidden.get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(written()).containsExactly("chunk", "r1");
    }

    @Test
    void aFinalThatWasCommittedAndNeverShownIsNotWrittenAgainWhereItIsFound() throws Exception {
        stable.set(0);
        finals.fence();
        finals.resume(Set.of());
        CompletableFuture<OptionalLong> hidden = finals.write("r1", List.of(outgoing("r1")));
        await().until(() -> written().equals(List.of("r1")));
        producers.clear();

        finals.fence();
        finals.resume(Set.of("r1"));

        assertThat(hidden.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(written()).isEmpty();
    }

    @Test
    void aWatchThatFailsIsBegunAnewWithTheIds() throws Exception {
        look.set(() -> {
            throw new OutOfMemoryError("a test's own");
        });
        finals.fence();
        finals.resume(Set.of());
        CompletableFuture<OptionalLong> written = finals.write("r1", List.of(outgoing("r1")));
        await().until(() -> broken.get() == 1);
        assertThat(finals.writes()).isFalse();

        look.set(() -> {});
        finals.fence();
        finals.resume(Set.of("r1"));

        assertThat(written.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(finals.write("r2", List.of(outgoing("r2"))).get(10, TimeUnit.SECONDS))
                .isPresent();
    }

    @Test
    void whoCouldNotSayThatItsFinalsAreLostDoesNotWrite() {
        FencedFinals mute = new FencedFinals(
                "p1", "answers", this::producer, new UnseenFinals(watch, Duration.ofSeconds(20), nanos::get), () -> {
                    throw new OutOfMemoryError("a test's own");
                });
        stable.set(0);
        mute.fence();
        mute.resume(Set.of());
        assertThat(mute.writes()).isTrue();
        CompletableFuture<OptionalLong> lost = mute.write("r1", List.of(outgoing("r1")));

        await().until(() -> {
            nanos.addAndGet(Duration.ofSeconds(21).toNanos());
            return !mute.writes();
        });

        assertThat(lost).isNotDone();
    }

    @Test
    void aWatchThatIsOverDoesNotEndTheNext() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        look.set(() -> {
            looking.countDown();
            awaitQuietly(late);
            over.countDown();
            throw new IllegalStateException("a test's own");
        });
        finals.fence();
        finals.resume(Set.of());
        CompletableFuture<OptionalLong> first = finals.write("r1", List.of(outgoing("r1")));
        looking.await();
        look.set(() -> {});
        finals.fence();
        finals.resume(Set.of("r1"));

        late.countDown();
        over.await();

        assertThat(first.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(finals.write("r2", List.of(outgoing("r2"))).get(10, TimeUnit.SECONDS))
                .isPresent();
        assertThat(finals.writes()).isTrue();
        assertThat(broken).hasValue(0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void afterItsEndFinalsAreAnothersToWrite() {
        CompletableFuture<OptionalLong> early = finals.write("r1", List.of(outgoing("r1")));
        finals.fence();
        finals.close();

        assertThat(early).isCompletedExceptionally();
        assertThat(finals.write("r2", List.of(outgoing("r2"))))
                .failsWithin(Duration.ofSeconds(1))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(FinalsWriter.NotOurs.class);
    }

    @Test
    void oneThatIsRefusedDoesNotHoldTheOthersBack() throws Exception {
        CompletableFuture<OptionalLong> large = finals.write("large", List.of(outgoing("large")));
        CompletableFuture<OptionalLong> small = finals.write("small", List.of(outgoing("small")));
        finals.fence();
        finals.resume(Set.of());

        assertThat(small.get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(large)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(RecordTooLargeException.class);
        assertThat(written()).containsExactly("small");
    }

    @Test
    void oneThatIsRefusedAmongManyIsFoundInFewTransactions() throws Exception {
        List<String> keys = new ArrayList<>(
                IntStream.range(0, 300).mapToObj(each -> "r" + each).toList());
        keys.set(137, "large");
        Map<String, CompletableFuture<OptionalLong>> all = new LinkedHashMap<>();
        keys.forEach(key -> all.put(key, finals.write(key, List.of(outgoing(key)))));
        finals.fence();
        finals.resume(Set.of());

        assertThat(all.remove("large"))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(RecordTooLargeException.class);
        for (CompletableFuture<OptionalLong> each : all.values()) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(written()).containsExactlyElementsOf(all.keySet());
        // two for each of nine halvings, and the one before
        assertThat(transactions.get()).isBetween(2, 19);
    }

    private Producer<byte[], byte[]> producer(String id) {
        ids.add(id);
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public void beginTransaction() {
                        transactions.incrementAndGet();
                        super.beginTransaction();
                    }

                    @Override
                    public synchronized java.util.concurrent.Future<org.apache.kafka.clients.producer.RecordMetadata>
                            send(org.apache.kafka.clients.producer.ProducerRecord<byte[], byte[]> record) {
                        if (new String(record.key(), UTF_8).equals("large")) {
                            throw new RecordTooLargeException("too large");
                        }
                        return super.send(record);
                    }
                };
        producers.add(producer);
        return producer;
    }

    private List<String> written() {
        return producers.stream()
                .flatMap(each -> each.history().stream())
                .map(each -> new String(each.key(), UTF_8))
                .toList();
    }

    private static Publisher.Outgoing outgoing(String key) {
        return new Publisher.Outgoing(
                Optional.of(key.getBytes(UTF_8)), OptionalInt.of(0), Map.of(), Optional.of(new byte[1]));
    }
}
