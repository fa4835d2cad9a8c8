package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.batch.BatchTopics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchFinalsTest {

    private static final TopicPartition PLACE = new TopicPartition(Topics.RESPONSES, 0);

    private final List<BatchFinals> begun = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        begun.forEach(BatchFinals::stop);
    }

    @Test
    void aFinalThatCannotBeKeptComesAgainAndThoseBehindItCome() {
        AtomicInteger failures = new AtomicInteger(1);

        Thread ignored = begin(BatchFinalsTest::topic, Duration.ofMillis(1), (id, value) -> {
            if (id.equals("r1") && failures.getAndDecrement() > 0) {
                throw new IOException("no space left on device");
            }
            heard.add(id);
        });

        await().untilAsserted(() -> assertThat(heard).containsExactly("r0", "r1", "r2"));
    }

    @Test
    void aFaultOfTheListenerDoesNotEndTheReading() {
        AtomicInteger failures = new AtomicInteger(2);

        Thread ignored = begin(BatchFinalsTest::topic, Duration.ofMillis(1), (id, value) -> {
            if (id.equals("r1") && failures.getAndDecrement() > 0) {
                if (failures.get() == 1) {
                    throw new IllegalStateException("as if");
                }
                throw new OutOfMemoryError("as if");
            }
            heard.add(id);
        });

        await().untilAsserted(() -> assertThat(heard).containsExactly("r0", "r1", "r2"));
    }

    @Test
    void aConsumerThatCannotBeMadeIsTriedAgainAfterAPause() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Supplier<Consumer<byte[], byte[]>> broken = () -> {
            tries.incrementAndGet();
            throw new KafkaException("no resolvable bootstrap urls");
        };

        Thread reader = begin(broken, Duration.ofDays(1), (id, value) -> {});

        await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);
        assertThat(tries).hasValue(1);
        begun.forEach(BatchFinals::stop);
        reader.join();
    }

    @Test
    void whatWouldFailTheNextTimeTooIsNotTriedAgain() {
        assertThat(List.of(
                        new RecordTooLargeException("17 bytes"),
                        new RecordBatchTooLargeException("17 bytes"),
                        new InvalidRecordException("no")))
                .allSatisfy(each -> assertThat(KafkaBatchTopics.never(each)).isPresent());
        assertThat(KafkaBatchTopics.never(new TopicAuthorizationException("no right yet")))
                .isEmpty();
    }

    @Test
    void aPartitionThatTheTopicGetsMeanwhileIsReadFromItsBeginning() {
        TopicPartition later = new TopicPartition(Topics.RESPONSES, 1);
        MockConsumer<byte[], byte[]> consumer = topic();
        Node node = Node.noNode();
        consumer.schedulePollTask(() -> {
            consumer.updateBeginningOffsets(Map.of(later, 0L));
            consumer.updatePartitions(
                    Topics.RESPONSES,
                    List.of(
                            new PartitionInfo(Topics.RESPONSES, 0, node, new Node[0], new Node[0]),
                            new PartitionInfo(Topics.RESPONSES, 1, node, new Node[0], new Node[0])));
        });
        consumer.schedulePollTask(() -> {
            consumer.addRecord(end(PLACE, 13, "r3"));
            consumer.addRecord(end(later, 0, "new"));
        });

        Thread ignored = begin(() -> consumer, Duration.ofMillis(1), (id, value) -> heard.add(id));

        await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder("r0", "r1", "r2", "r3", "new"));
    }

    private Thread begin(Supplier<Consumer<byte[], byte[]>> consumers, Duration pause, BatchTopics.Listener listener) {
        BatchFinals finals = new BatchFinals(consumers, Map.of(0, 10L), listener, pause);
        begun.add(finals);
        return Thread.ofPlatform().daemon().start(finals);
    }

    /** Three finals from place 10 on. */
    private static MockConsumer<byte[], byte[]> topic() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        consumer.schedulePollTask(() -> {
            consumer.updateBeginningOffsets(Map.of(PLACE, 10L));
            IntStream.range(0, 3).forEach(each -> consumer.addRecord(end(PLACE, 10 + each, "r" + each)));
        });
        return consumer;
    }

    private static ConsumerRecord<byte[], byte[]> end(TopicPartition place, long offset, String id) {
        ConsumerRecord<byte[], byte[]> end = new ConsumerRecord<>(
                place.topic(), place.partition(), offset, id.getBytes(UTF_8), "{}".getBytes(UTF_8));
        end.headers().add("ce_type", "dev.littoral.response.final".getBytes(UTF_8));
        end.headers().add("ce_requestid", id.getBytes(UTF_8));
        return end;
    }
}
