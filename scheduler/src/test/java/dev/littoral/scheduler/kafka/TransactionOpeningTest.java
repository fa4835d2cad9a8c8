package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionOpeningTest {

    private static final Duration PAUSE = Duration.ofNanos(1);

    private final AtomicInteger asked = new AtomicInteger();
    private final List<MockProducer<byte[], byte[]>> made = new ArrayList<>();

    @AfterEach
    void nobodyIsInterruptedBehindIt() {
        Thread.interrupted();
    }

    @Test
    void aProducerThatCannotBeMadeIsAskedForAgain() {
        Producer<byte[], byte[]> open = TransactionOpening.open(
                "p0-0",
                id -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new KafkaException(
                                "Failed to construct kafka producer", new ConfigException("no resolvable urls"));
                    }
                    return producer();
                },
                PAUSE);

        assertThat(asked).hasValue(2);
        assertThat(made).singleElement().isSameAs(open);
        assertThat(made.getFirst().transactionInitialized()).isTrue();
    }

    @Test
    void aProducerThatMayNotOpenIsClosedAndAnotherOneMade() {
        Producer<byte[], byte[]> open = TransactionOpening.open(
                "p0-0",
                id -> {
                    MockProducer<byte[], byte[]> producer = producer();
                    if (asked.getAndIncrement() == 0) {
                        producer.initTransactionException = new TransactionalIdAuthorizationException("no right");
                    }
                    return producer;
                },
                PAUSE);

        assertThat(made).hasSize(2);
        assertThat(made.getFirst().closed()).isTrue();
        assertThat(made.getLast()).isSameAs(open);
        assertThat(made.getLast().closed()).isFalse();
    }

    @Test
    void aProducerThatNeverSaysMoreIsReplacedInTheEnd() {
        Producer<byte[], byte[]> open = TransactionOpening.open(
                "p0-0",
                id -> {
                    MockProducer<byte[], byte[]> producer = producer();
                    if (asked.getAndIncrement() == 0) {
                        producer.initTransactionException = new TimeoutException("its thread is dead");
                    }
                    return producer;
                },
                PAUSE);

        assertThat(made).hasSize(2);
        assertThat(made.getFirst().closed()).isTrue();
        assertThat(made.getLast()).isSameAs(open);
    }

    @Test
    void anErrorLeavesNoProducerOpen() {
        assertThatThrownBy(() -> TransactionOpening.open("p0-0", id -> new Failing(), PAUSE))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(made)
                .singleElement()
                .satisfies(each -> assertThat(each.closed()).isTrue());
    }

    private final class Failing extends MockProducer<byte[], byte[]> {

        Failing() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            made.add(this);
        }

        @Override
        public void initTransactions() {
            throw new OutOfMemoryError("a test's own");
        }
    }

    @Test
    void whoeverIsInterruptedIsNotAskedAgainAndLeavesNoProducerOpen() {
        assertThatThrownBy(() -> TransactionOpening.open(
                        "p0-0",
                        id -> {
                            MockProducer<byte[], byte[]> producer = producer();
                            producer.initTransactionException = new InterruptException("as if");
                            return producer;
                        },
                        PAUSE))
                .isInstanceOf(InterruptException.class);

        assertThat(made)
                .singleElement()
                .satisfies(each -> assertThat(each.closed()).isTrue());
    }

    private MockProducer<byte[], byte[]> producer() {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        made.add(producer);
        return producer;
    }
}
