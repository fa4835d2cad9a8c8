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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Commits what is answered, with the gaps in the commit's metadata, and takes partitions over where another scheduler
 * left them. In contrast to SmallRye's throttled strategy it asks the broker nothing when a record comes.
 */
final class RequestCommits implements KafkaCommitHandler {

    private static final Logger LOG = Logger.getLogger(RequestCommits.class);
    private static final Duration FINALS_PATIENCE = Duration.ofSeconds(5);
    private static final Duration TAIL_PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaConsumer<?, ?> consumer;
    private final RequestBooks books;
    private final OnceOnly onceOnly;
    private final FinalsTail tail;
    private final Finals finals;
    private final Vertx vertx;
    private final long timer;
    private final Map<TopicPartition, Progress> committed = new ConcurrentHashMap<>();
    private final AtomicBoolean committing = new AtomicBoolean();

    private RequestCommits(
            KafkaConsumer<?, ?> consumer,
            RequestBooks books,
            OnceOnly onceOnly,
            FinalsTail tail,
            Finals finals,
            Vertx vertx,
            int every) {
        this.consumer = consumer;
        this.books = books;
        this.onceOnly = onceOnly;
        this.tail = tail;
        this.finals = finals;
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
        private final FinalsTail tail;
        private final Finals finals;

        Factory(RequestBooks books, OnceOnly onceOnly, FinalsTail tail, Finals finals) {
            this.books = books;
            this.onceOnly = onceOnly;
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
            return new RequestCommits(consumer, books, onceOnly, tail, finals, vertx, every);
        }
    }

    @Override
    public <K, V> Uni<IncomingKafkaRecord<K, V>> received(IncomingKafkaRecord<K, V> request) {
        boolean wanted = books.of(request.getPartition())
                .map(book -> book.read(request.getOffset()))
                .orElse(false);
        return wanted ? Uni.createFrom().item(request) : Uni.createFrom().nullItem();
    }

    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> request) {
        books.of(request.getPartition()).ifPresent(book -> book.done(request.getOffset()));
        return Uni.createFrom().voidItem();
    }

    private void commit() {
        Map<TopicPartition, Progress> now = new HashMap<>();
        books.all().forEach((partition, book) -> now.put(requests(partition), book.progress()));
        now.entrySet().removeIf(each -> each.getValue().equals(committed.get(each.getKey())));
        if (!now.isEmpty() && committing.compareAndSet(false, true)) {
            consumer.commitAsync(offsets(now))
                    .onTermination()
                    .invoke(() -> committing.set(false))
                    .subscribe()
                    .with(
                            done -> committed.putAll(now),
                            failure -> LOG.debugf("offsets are not committed yet: %s", failure.getMessage()));
        }
    }

    /** Runs on the polling thread, before the first record of these partitions is fetched. */
    @Override
    public void partitionsAssigned(Collection<TopicPartition> partitions) {
        Consumer<?, ?> client = consumer.unwrap();
        int answerPartitions = Optional.ofNullable(client.partitionsFor(Topics.RESPONSES))
                .orElse(List.of())
                .size();
        Map<TopicPartition, FinalsWriter> writers = fenced(partitions);
        Map<TopicPartition, OffsetAndMetadata> before = client.committed(Set.copyOf(partitions));
        Map<TopicPartition, Progress> first = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OptionalInt answers = answerPartitions == 0
                    ? OptionalInt.empty()
                    : OptionalInt.of(partition.partition() % answerPartitions);
            long answersEnd =
                    answers.isEmpty() ? 0 : end(client, new TopicPartition(Topics.RESPONSES, answers.getAsInt()));
            Optional<OffsetAndMetadata> last = Optional.ofNullable(before.get(partition));
            Progress progress = last.map(offset -> Progress.of(offset.offset(), offset.metadata()))
                    .orElseGet(() -> Progress.startingAt(client.position(partition)));
            FinalsWriter writer = Objects.requireNonNull(writers.get(partition));
            PartitionBook book = new PartitionBook(progress, answers, answersEnd, writer);
            answers.ifPresent(number -> recover(number, progress, answersEnd)
                    .ifPresent(from -> book.recovered(end(client, partition), from)));
            writer.resume(Set.of());
            books.open(partition.partition(), book);
            if (last.isEmpty()) {
                first.put(partition, book.progress());
            }
        }
        // from here on whoever goes on knows which finals may be unknown to a commit
        client.commitSync(offsets(first));
    }

    private static long end(Consumer<?, ?> client, TopicPartition partition) {
        return client.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    /** Shuts whoever had these partitions out, before it is read what that one has written. */
    private Map<TopicPartition, FinalsWriter> fenced(Collection<TopicPartition> partitions) {
        Map<TopicPartition, FinalsWriter> writers = new HashMap<>();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            FinalsWriter writer = finals.of(partition.partition(), () -> broken(partition));
            writers.put(partition, writer);
            all.add(CompletableFuture.runAsync(
                    writer::fence, task -> Thread.ofVirtual().name("fence").start(task)));
        }
        all.forEach(CompletableFuture::join);
        return writers;
    }

    /**
     * Somebody else has fenced the finals of this partition, or the broker took a transaction for dead. Whoever is its
     * owner fences anew; whether that is this scheduler the commit says, which the broker takes from the owner only.
     */
    private void broken(TopicPartition partition) {
        consumer.runOnPollingThread(client -> {
                    books.of(partition.partition()).ifPresent(book -> mend(client, partition, book));
                })
                .subscribe()
                .with(
                        done -> LOG.debugf("%s is looked at anew", partition),
                        failure -> LOG.warnf(failure, "the finals of %s are no longer written", partition));
    }

    private void mend(Consumer<?, ?> client, TopicPartition partition, PartitionBook book) {
        try {
            // whoever is no longer the owner must not disturb the one who is
            client.commitSync(offsets(Map.of(partition, book.progress())));
            book.finals().fence();
            Progress progress = book.progress();
            client.commitSync(offsets(Map.of(partition, progress)));
            Map<String, String> ended = progress.answersFrom().isPresent()
                    ? finalsFrom(
                            book.answersPartition().orElseThrow(),
                            progress.answersFrom().getAsLong())
                    : Map.of();
            ended.forEach(onceOnly::remember);
            book.finals().resume(ended.keySet());
            LOG.infof("%s: its finals are written again", partition);
        } catch (RebalanceInProgressException e) {
            // who owns it is being said: asked again behind it
            vertx.setTimer(PAUSE.toMillis(), tick -> broken(partition));
        } catch (CommitFailedException e) {
            LOG.infof("%s is another scheduler's: %s", partition, e.getMessage());
        } catch (TimeoutException e) {
            LOG.warnf("%s is not open yet: %s", partition, e.getMessage());
            vertx.setTimer(PAUSE.toMillis(), tick -> broken(partition));
        }
    }

    /** Remembers the finals that the last commit does not know of, and says where they begin if there are any. */
    private OptionalLong recover(int answersPartition, Progress progress, long end) {
        long from = progress.answersFrom().orElse(end);
        if (from >= end) {
            return OptionalLong.empty();
        }
        Map<String, String> ids = finalsFrom(answersPartition, from);
        ids.forEach(onceOnly::remember);
        return ids.isEmpty() ? OptionalLong.empty() : OptionalLong.of(from);
    }

    /** Asks until it is told: without these ids requests would be answered twice. */
    private Map<String, String> finalsFrom(int answersPartition, long from) {
        TopicPartition answers = new TopicPartition(Topics.RESPONSES, answersPartition);
        while (true) {
            try {
                Map<String, String> ids = tail.idsFrom(answers, from, TAIL_PATIENCE);
                LOG.infof("%s: %d finals behind the last commit, from offset %d", answers, ids.size(), from);
                return ids;
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                LOG.warnf("%s cannot be read back yet, and is not served: %s", answers, e.getMessage());
            }
        }
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
        }
    }

    private void commitAtOnce(Map<TopicPartition, Progress> progress) {
        try {
            consumer.unwrap().commitSync(offsets(progress));
        } catch (WakeupException e) {
            // who closes a consumer wakes it first; once woken it goes on
            consumer.unwrap().commitSync(offsets(progress));
        }
    }

    @Override
    public void terminate(boolean graceful) {
        vertx.cancelTimer(timer);
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, Progress> progress) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        progress.forEach(
                (partition, each) -> offsets.put(partition, new OffsetAndMetadata(each.next(), each.metadata())));
        return offsets;
    }

    private static TopicPartition requests(int partition) {
        return new TopicPartition(Topics.REQUESTS, partition);
    }
}
