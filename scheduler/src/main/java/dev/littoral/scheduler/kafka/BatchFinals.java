package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.events.EventNames;
import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.batch.BatchTopics;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;

/**
 * Reads finals from given places on, and after a pause goes on there, whatever happens to it or to its listener. Partitions
 * that the topic gets meanwhile are read from their beginning.
 */
final class BatchFinals implements Runnable {

    private static final Logger LOG = Logger.getLogger(BatchFinals.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Map<Integer, Long> next;
    private final BatchTopics.Listener listener;
    private final Duration pause;
    private final CountDownLatch over = new CountDownLatch(1);

    /**
     * Reads nothing before {@link #run}.
     *
     * @param from by partition: the first place
     * @param pause before what failed is begun anew
     */
    BatchFinals(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Map<Integer, Long> from,
            BatchTopics.Listener listener,
            Duration pause) {
        this.consumers = consumers;
        this.next = new HashMap<>(from);
        this.listener = listener;
        this.pause = pause;
    }

    /** Reads on the calling thread until {@link #stop}. */
    @Override
    public void run() {
        try {
            while (over.getCount() > 0) {
                try {
                    read();
                } catch (IOException | KafkaException e) {
                    Throwable reason = Optional.ofNullable(e.getCause()).orElse(e);
                    LOG.warnf("finals of a batch are not read, next try in %s: %s", pause, reason);
                } catch (RuntimeException | Error e) {
                    LOG.errorf(e, "finals of a batch are not read, next try in %s", pause);
                }
                boolean ignored = over.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has it end soon. */
    void stop() {
        over.countDown();
    }

    private void read() throws IOException {
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            assign(consumer);
            while (over.getCount() > 0) {
                if (grown(consumer)) {
                    assign(consumer);
                }
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                    tell(each);
                    next.put(each.partition(), each.offset() + 1);
                }
            }
        }
    }

    private void assign(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, Long> places = new HashMap<>();
        next.forEach((number, offset) -> places.put(new TopicPartition(Topics.RESPONSES, number), offset));
        consumer.assign(places.keySet());
        places.forEach(consumer::seek);
    }

    /** Looks at what the consumer knows of the topic, which it learns anew from time to time. */
    private boolean grown(Consumer<byte[], byte[]> consumer) {
        int before = next.size();
        consumer.partitionsFor(Topics.RESPONSES).forEach(each -> next.putIfAbsent(each.partition(), 0L));
        return next.size() > before;
    }

    private void tell(ConsumerRecord<byte[], byte[]> each) throws IOException {
        Optional<byte[]> value = Optional.ofNullable(each.value());
        if (value.isPresent() && header(each, "type").equals(EventNames.FINAL_TYPE)) {
            listener.ended(header(each, EventNames.REQUEST_ID), value.orElseThrow());
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> each, String attribute) {
        return Optional.ofNullable(each.headers().lastHeader(EventNames.HEADER_PREFIX + attribute))
                .map(Header::value)
                .map(bytes -> new String(bytes, UTF_8))
                .orElse("");
    }
}
