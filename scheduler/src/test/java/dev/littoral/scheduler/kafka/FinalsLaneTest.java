package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class FinalsLaneTest {

    private final AtomicInteger silences = new AtomicInteger();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public void commitTransaction() {
                    if (silences.getAndDecrement() > 0) {
                        throw new TimeoutException("as if the broker were away");
                    }
                    super.commitTransaction();
                }
            };
    private final UnseenFinals unseen = new UnseenFinals(
            new FinalsWatch(partitions -> Map.of(), Duration.ZERO, Duration.ZERO, 1),
            Duration.ofSeconds(1),
            System::nanoTime);
    private final FinalsLane lane = new FinalsLane("p0-0", producer, "answers", unseen);
    private final PendingFinal pending = new PendingFinal("r1", List.of(outgoing("r1")), new CompletableFuture<>());

    @Test
    void aCommitThatTimesOutIsAskedForAgain() {
        producer.initTransactions();
        silences.set(3);

        assertThat(lane.write(List.of(pending))).isTrue();

        assertThat(unseen.take()).containsExactly(pending);
        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void aProducerThatNeverSaysWhetherItCommittedIsGivenUpAndNobodyIsToldThatItDid() {
        producer.initTransactions();
        silences.set(Integer.MAX_VALUE);

        assertThat(lane.write(List.of(pending))).isFalse();

        assertThat(unseen.take()).isEmpty();
        assertThat(pending.written()).isNotDone();
        assertThat(producer.transactionAborted()).isFalse();
    }

    private static Publisher.Outgoing outgoing(String key) {
        return new Publisher.Outgoing(
                Optional.of(key.getBytes(UTF_8)), OptionalInt.of(0), Map.of(), Optional.of(new byte[1]));
    }
}
