package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.mutiny.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Commits what is answered, with the gaps in the commit's metadata, when partitions go and again and again. In contrast to SmallRye's throttled strategy it asks the broker nothing when a record comes.
 */
final class RequestCommits implements KafkaCommitHandler {

    private static final Logger LOG = Logger.getLogger(RequestCommits.class);
    private static final Duration FINALS_PATIENCE = Duration.ofSeconds(5);

    private final KafkaConsumer<?, ?> consumer;
    private final RequestBooks books;
    private final PartitionTakeover takeover;
    private final Vertx vertx;
    private final long timer;
    private final Map<TopicPartition, Progress> committed = new ConcurrentHashMap<>();
    private final AtomicBoolean committing = new AtomicBoolean();

    private RequestCommits(
            KafkaConsumer<?, ?> consumer, RequestBooks books, PartitionTakeover takeover, Vertx vertx, int every) {
        this.consumer = consumer;
        this.books = books;
        this.takeover = takeover;
        this.vertx = vertx;
        this.timer = vertx.setPeriodic(every, tick -> commit());
    }

    /** Makes the handler of the channel whose {@code commit-strategy} is {@code littoral-requests}. */
    @Singleton
    @Identifier("littoral-requests")
    static class Factory implements KafkaCommitHandler.Factory {

        private static final int DEFAULT_INTERVAL_MILLIS = 500;

        private final RequestBooks books;
        private final OnceOnly onceOnly;
        private final RequestsTail requestsTail;
        private final FinalsTail tail;
        private final Finals finals;

        Factory(RequestBooks books, OnceOnly onceOnly, RequestsTail requestsTail, FinalsTail tail, Finals finals) {
            this.books = books;
            this.onceOnly = onceOnly;
            this.requestsTail = requestsTail;
            this.tail = tail;
            this.finals = finals;
        }

        @Override
        public KafkaCommitHandler create(
                KafkaConnectorIncomingConfiguration configuration,
                Vertx vertx,
                KafkaConsumer<?, ?> consumer,
                BiConsumer<Throwable, Boolean> reportFailure) {
            int every = configuration
                    .config()
                    .getOptionalValue(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, Integer.class)
                    .orElse(DEFAULT_INTERVAL_MILLIS);
            PartitionTakeover takeover =
                    new PartitionTakeover(consumer, books, onceOnly, requestsTail, tail, finals, vertx);
            return new RequestCommits(consumer, books, takeover, vertx, every);
        }
    }

    /** Does nothing: who works on a request notes its end in the books. */
    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> request) {
        return Uni.createFrom().voidItem();
    }

    private void commit() {
        Map<TopicPartition, Progress> now = new HashMap<>();
        books.all().forEach((partition, book) -> now.put(requests(partition), book.progress()));
        now.entrySet().removeIf(each -> each.getValue().equals(committed.get(each.getKey())));
        if (!now.isEmpty() && committing.compareAndSet(false, true)) {
            try {
                consumer.commitAsync(Progress.offsets(now))
                        .onTermination()
                        .invoke(() -> committing.set(false))
                        .subscribe()
                        .with(
                                done -> committed.putAll(now),
                                failure -> LOG.debugf("offsets are not committed yet: %s", failure.getMessage()));
            } catch (RuntimeException | Error e) {
                // else no commit would ever be tried again
                committing.set(false);
                LOG.errorf(e, "offsets are not committed this time");
            }
        }
    }

    /** Runs on the polling thread, before the first record of these partitions is fetched. */
    @Override
    public void partitionsAssigned(Collection<TopicPartition> partitions) {
        takeover.take(partitions);
    }

    /** Runs on the polling thread, before (or, after a lost session, when) another scheduler takes these over. */
    @Override
    public void partitionsRevoked(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Progress> last = new HashMap<>();
        try {
            Map<TopicPartition, PartitionBook> given = new HashMap<>();
            for (TopicPartition partition : partitions) {
                books.remove(partition.partition()).ifPresent(book -> given.put(partition, book));
                committed.remove(partition);
            }
            given.values().forEach(PartitionBook::stop);
            long giveUpAt = System.nanoTime() + FINALS_PATIENCE.toNanos();
            for (Map.Entry<TopicPartition, PartitionBook> each : given.entrySet()) {
                each.getValue().close(Duration.ofNanos(Math.max(0, giveUpAt - System.nanoTime())));
                last.put(each.getKey(), each.getValue().progress());
            }
            commitAtOnce(last);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (KafkaException e) {
            LOG.infof("the last offsets of %s are not committed: %s", partitions, e.getMessage());
        } finally {
            takeover.leave(partitions);
        }
    }

    private void commitAtOnce(Map<TopicPartition, Progress> progress) {
        try {
            consumer.unwrap().commitSync(Progress.offsets(progress));
        } catch (WakeupException e) {
            // who closes a consumer wakes it first; once woken it goes on
            consumer.unwrap().commitSync(Progress.offsets(progress));
        }
    }

    @Override
    public void terminate(boolean graceful) {
        vertx.cancelTimer(timer);
    }

    private static TopicPartition requests(int partition) {
        return new TopicPartition(Topics.REQUESTS, partition);
    }
}
