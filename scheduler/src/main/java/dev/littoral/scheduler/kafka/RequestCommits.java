package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import io.vertx.mutiny.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Commits what is answered, with the gaps in the commit's metadata, when partitions go and again and again. In contrast to
 * SmallRye's throttled strategy it asks the broker nothing when a record comes.
 */
final class RequestCommits implements KafkaCommitHandler {

    private static final Logger LOG = Logger.getLogger(RequestCommits.class);
    private static final Duration FINALS_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration ASK_FOR_TOPIC = Duration.ofSeconds(5);
    private static final Duration LONG_REFUSAL = Duration.ofSeconds(30);

    private final KafkaConsumer<?, ?> consumer;
    private final RequestBooks books;
    private final RequestsTopic topic;
    private final PartitionTakeover takeover;
    private final PartitionCare care;
    private final Vertx vertx;
    private final List<Long> timers;
    private final Map<TopicPartition, Progress> committed = new ConcurrentHashMap<>();
    private final AtomicBoolean committing = new AtomicBoolean();
    private final LongRefusal refusal = new LongRefusal(LONG_REFUSAL, System::nanoTime);
    private final AtomicBoolean looking = new AtomicBoolean();
    /** For the polling thread alone: why partitions come now. */
    private PartitionTakeover.Occasion occasion = PartitionTakeover.Occasion.ASSIGNED;

    private RequestCommits(
            KafkaConsumer<?, ?> consumer,
            RequestBooks books,
            RequestsTopic topic,
            PartitionTakeover takeover,
            FinalsMending mending,
            Vertx vertx,
            int every) {
        this.consumer = consumer;
        this.books = books;
        this.topic = topic;
        this.takeover = takeover;
        this.care = new PartitionCare(books, topic, mending, this::begin);
        this.vertx = vertx;
        this.timers = List.of(
                vertx.setPeriodic(every, tick -> commit()),
                vertx.setPeriodic(LOOK_AGAIN.toMillis(), tick -> look()),
                vertx.setPeriodic(ASK_FOR_TOPIC.toMillis(), tick -> askForTopic()));
    }

    /** Makes the handler of the channel whose {@code commit-strategy} is {@code littoral-requests}. */
    @Singleton
    @Identifier("littoral-requests")
    static class Factory implements KafkaCommitHandler.Factory {

        private static final int DEFAULT_INTERVAL_MILLIS = 500;

        private final RequestBooks books;
        private final OnceOnly onceOnly;
        private final RequestsTopic topic;
        private final RequestsTail requestsTail;
        private final FinalsTail tail;
        private final Finals finals;

        Factory(
                RequestBooks books,
                OnceOnly onceOnly,
                RequestsTopic topic,
                RequestsTail requestsTail,
                FinalsTail tail,
                Finals finals) {
            this.books = books;
            this.onceOnly = onceOnly;
            this.topic = topic;
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
            FinalsBehind behind = new FinalsBehind(tail);
            PartitionTakeover takeover =
                    new PartitionTakeover(consumer::unwrap, books, onceOnly, topic, requestsTail, behind, finals);
            FinalsMending mending = new FinalsMending(onceOnly, behind);
            return new RequestCommits(consumer, books, topic, takeover, mending, vertx, every);
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
                                done -> {
                                    committed.putAll(now);
                                    if (refusal.taken()) {
                                        LOG.info("offsets are committed again");
                                    }
                                },
                                this::refused);
            } catch (RuntimeException | Error e) {
                // else no commit would ever be tried again
                committing.set(false);
                LOG.errorf(e, "offsets are not committed this time");
            }
        }
    }

    private void refused(Throwable failure) {
        if (refusal.refused()) {
            LOG.warnf(
                    "no offsets are committed for %s: a scheduler that starts now would read all answers since: %s",
                    LONG_REFUSAL, failure);
        } else {
            LOG.debugf("offsets are not committed yet: %s", failure.getMessage());
        }
    }

    private void look() {
        if (looking.compareAndSet(false, true)) {
            try {
                consumer.runOnPollingThread(client -> {
                            care.look(client);
                        })
                        .onTermination()
                        .invoke(() -> looking.set(false))
                        .subscribe()
                        .with(done -> {}, failure -> LOG.warnf(failure, "partitions could not be looked at this time"));
            } catch (RuntimeException | Error e) {
                // else they would never be looked at again
                looking.set(false);
                LOG.errorf(e, "partitions are not looked at this time");
            }
        }
    }

    private void askForTopic() {
        try {
            var ignored = topic.ask().whenComplete((seen, failure) -> {
                if (failure != null) {
                    LOG.debugf("which topic has the requests is not told: %s", failure.getMessage());
                }
            });
        } catch (RuntimeException e) {
            LOG.debugf("which topic has the requests cannot be asked: %s", e.getMessage());
        }
    }

    /** Takes partitions as if the group gave them now; what was read of them before and waits is dropped. */
    private void begin(Collection<TopicPartition> partitions, PartitionTakeover.Occasion why) {
        occasion = why;
        try {
            listener().onPartitionsRevoked(partitions);
        } finally {
            try {
                listener().onPartitionsAssigned(partitions);
            } finally {
                occasion = PartitionTakeover.Occasion.ASSIGNED;
            }
        }
    }

    /** The connector's own, which calls this one. */
    private ConsumerRebalanceListener listener() {
        return ((ReactiveKafkaConsumer<?, ?>) consumer).getRebalanceListener();
    }

    /** Runs on the polling thread, before the first record of these partitions is fetched. */
    @Override
    public void partitionsAssigned(Collection<TopicPartition> partitions) {
        takeover.take(partitions, occasion, this::look);
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
            if (occasion == PartitionTakeover.Occasion.ASSIGNED) {
                commitAtOnce(last);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (KafkaException e) {
            LOG.infof("the last offsets of %s are not committed: %s", partitions, e.getMessage());
        } finally {
            if (occasion != PartitionTakeover.Occasion.MADE_ANEW) {
                takeover.leave(partitions);
            }
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
        timers.forEach(vertx::cancelTimer);
    }

    private static TopicPartition requests(int partition) {
        return new TopicPartition(Topics.REQUESTS, partition);
    }
}
