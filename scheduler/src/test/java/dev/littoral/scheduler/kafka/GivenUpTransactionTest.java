package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The mark of a transaction that is given up ends what its id committed before and a broker never marked: readers pass both. */
class GivenUpTransactionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Node BROKER = new Node(0, "localhost", 9092);
    private static final PartitionInfo PARTITION =
            new PartitionInfo("answers", 0, BROKER, new Node[] {BROKER}, new Node[] {BROKER});

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong readable = new AtomicLong();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final FinalsWatch watch = new FinalsWatch(
            partitions -> {
                questions.incrementAndGet();
                return Map.of(0, readable.get());
            },
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            1);
    private final UnseenFinals unseen = new UnseenFinals(watch, PATIENCE, nanos::get);
    private final MockProducer<byte[], byte[]> producer = new MockProducer<>(
            new Cluster("c", List.of(BROKER), List.of(PARTITION), Set.of(), Set.of()),
            true,
            null,
            new ByteArraySerializer(),
            new ByteArraySerializer());
    private final FinalsLane lane = new FinalsLane("id", producer, "answers", unseen);

    @BeforeEach
    void openTheLane() {
        producer.initTransactions();
        unseen.enter(lost::incrementAndGet);
    }

    @AfterEach
    void endTheWatch() {
        watch.close();
    }

    @Test
    void aTransactionIsGivenUpOnlyWhenReadersHaveWhatItsLaneCommittedBefore() throws Exception {
        PendingFinal before = committed();
        PendingFinal refused = refused();
        CompletableFuture<Boolean> goesOn = CompletableFuture.supplyAsync(() -> lane.write(List.of(refused)));
        await().until(() -> questions.get() > 5);
        assertThat(producer.transactionAborted()).isFalse();
        assertThat(goesOn).isNotDone();

        readable.set(1);

        assertThat(goesOn.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(before.written().get(10, TimeUnit.SECONDS)).hasValue(0);
        assertThat(producer.transactionAborted()).isTrue();
        assertThat(refused.written()).isCompletedExceptionally();
    }

    @Test
    void aLaneWhoseCommitWasDroppedIsOpenedAnewRatherThanGivesItsNextTransactionUp() throws Exception {
        PendingFinal dropped = committed();
        PendingFinal refused = refused();
        CompletableFuture<Boolean> goesOn = CompletableFuture.supplyAsync(() -> lane.write(List.of(refused)));
        await().until(() -> {
            nanos.addAndGet(PATIENCE.plusSeconds(1).toNanos());
            return lost.get() == 1;
        });

        assertThat(goesOn.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(producer.transactionAborted()).isFalse();
        assertThat(dropped.written()).isNotDone();
        assertThat(refused.written()).isNotDone();
        assertThat(unseen.take()).containsExactly(dropped);
    }

    @Test
    void aLaneThatIsFencedWhileItWaitsGivesNothingUp() throws Exception {
        committed();
        PendingFinal refused = refused();
        CompletableFuture<Boolean> goesOn = CompletableFuture.supplyAsync(() -> lane.write(List.of(refused)));
        await().until(() -> questions.get() > 5);

        unseen.leave();

        assertThat(goesOn.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(producer.transactionAborted()).isFalse();
    }

    @Test
    void aTransactionOfALaneThatReadersHaveAllOfIsGivenUpAtOnce() throws Exception {
        readable.set(1);
        committed().written().get(10, TimeUnit.SECONDS);
        PendingFinal refused = refused();

        assertThat(lane.write(List.of(refused))).isTrue();

        assertThat(producer.transactionAborted()).isTrue();
        assertThat(refused.written()).isCompletedExceptionally();
    }

    private PendingFinal committed() {
        PendingFinal pending = pending("committed");
        assertThat(lane.write(List.of(pending))).isTrue();
        return pending;
    }

    private PendingFinal refused() {
        producer.sendException = new RecordTooLargeException("a test's own");
        return pending("refused");
    }

    private static PendingFinal pending(String id) {
        return new PendingFinal(
                id,
                List.of(new Publisher.Outgoing(
                        Optional.of(id.getBytes(UTF_8)), OptionalInt.of(0), Map.of(), Optional.of(new byte[1]))),
                new CompletableFuture<>());
    }
}
