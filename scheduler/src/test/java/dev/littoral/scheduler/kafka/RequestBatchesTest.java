package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.rig.FakeAgent;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

class RequestBatchesTest extends HandlerRig {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.REQUESTS, TENURE.partition());

    private final AtomicInteger errors = new AtomicInteger();
    private final AtomicLong asked = new AtomicLong();
    private final RequestBooks books = new RequestBooks() {
        @Override
        Optional<PartitionBook> of(int partition) {
            if (errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OutOfMemoryError("as if");
            }
            return super.of(partition);
        }
    };
    private final PollingThread polling = new PollingThread() {
        @Override
        public void execute(Runnable task) {}

        @Override
        public void regulate(IntPredicate full, BooleanSupplier reads) {}
    };
    private final RequestBatches batches = new RequestBatches(handler, books, new Settings(), 1 << 20, polling);

    @Test
    void aBatchThatIsTakenWithAnErrorIsTakenAgainAndTheNextIsAskedFor() {
        deploy(FakeAgent.saying("to", "day"));
        books.open(TENURE.partition(), book);
        batches.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long more) {
                asked.addAndGet(more);
            }

            @Override
            public void cancel() {}
        });
        errors.set(2);

        batches.onNext(batch(0, "first"));
        await().untilAsserted(() -> assertThat(finals()).hasSize(1));
        batches.onNext(batch(1, "second"));

        await().untilAsserted(() -> assertThat(finals()).hasSize(2));
        await().until(() -> book.progress().next() == 2);
        assertThat(asked).hasValueGreaterThanOrEqualTo(2);
    }

    private static Message<List<byte[]>> batch(long offset, String id) {
        byte[] value = CHAT.getBytes(UTF_8);
        ConsumerRecord<byte[], byte[]> request =
                new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset, new byte[0], value);
        wire(id, CHAT).headers().forEach((name, header) -> request.headers().add(name, header));
        ConsumerRecords<byte[], byte[]> records = new ConsumerRecords<>(Map.of(PARTITION, List.of(request)), Map.of());
        return Message.of(List.of(value))
                .addMetadata(new IncomingKafkaRecordBatchMetadata<>(records, "requests", Map.of()));
    }
}
