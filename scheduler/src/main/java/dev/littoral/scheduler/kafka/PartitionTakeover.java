package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.vertx.mutiny.core.Vertx;
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
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/** Takes partitions of requests over where another scheduler left them, and back when their fence broke. */
final class PartitionTakeover {

    private static final Logger LOG = Logger.getLogger(PartitionTakeover.class);
    private static final Duration TAIL_PATIENCE = Duration.ofSeconds(10);
    /** So long at most the answered requests of all partitions are read back that are taken at once. */
    private static final Duration READ_BACK = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaConsumer<?, ?> consumer;
    private final RequestBooks books;
    private final OnceOnly onceOnly;
    private final RequestsTail requestsTail;
    private final FinalsTail tail;
    private final Finals finals;
    private final Vertx vertx;

    PartitionTakeover(
            KafkaConsumer<?, ?> consumer,
            RequestBooks books,
            OnceOnly onceOnly,
            RequestsTail requestsTail,
            FinalsTail tail,
            Finals finals,
            Vertx vertx) {
        this.consumer = consumer;
        this.books = books;
        this.onceOnly = onceOnly;
        this.requestsTail = requestsTail;
        this.tail = tail;
        this.finals = finals;
        this.vertx = vertx;
    }

    /**
     * Opens the books of these partitions, on the polling thread. Asks until the broker answers, and lets: without its
     * book a partition's records would be passed over.
     */
    void take(Collection<TopicPartition> partitions) {
        while (true) {
            Map<TopicPartition, FinalsWriter> writers = new HashMap<>();
            try {
                open(partitions, writers);
                return;
            } catch (WakeupException | InterruptException e) {
                writers.values().forEach(FinalsWriter::close);
                throw e;
            } catch (KafkaException e) {
                LOG.warnf("%s cannot be served yet, next try in %s: %s", partitions, PAUSE, e.getMessage());
                writers.values().forEach(FinalsWriter::close);
                sleep();
            }
        }
    }

    /** Forgets what these partitions have answered: whoever takes them over reads it back. */
    void leave(Collection<TopicPartition> partitions) {
        partitions.forEach(each -> onceOnly.forget(each.partition()));
    }

    private void open(Collection<TopicPartition> partitions, Map<TopicPartition, FinalsWriter> writers) {
        Consumer<?, ?> client = consumer.unwrap();
        int answerPartitions = Optional.ofNullable(client.partitionsFor(Topics.RESPONSES))
                .orElse(List.of())
                .size();
        fence(partitions, writers);
        Map<TopicPartition, OffsetAndMetadata> before = client.committed(Set.copyOf(partitions));
        // of each partition so many are remembered at least, however many there are of the others
        int share = onceOnly.mostRemembered() / Math.max(1, books.all().size() + partitions.size());
        Map<TopicPartition, PartitionBook> opened = new HashMap<>();
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
            PartitionBook.Tenure tenure = new PartitionBook.Tenure(
                    partition.partition(),
                    answers,
                    Math.max(0, client.groupMetadata().generationId()));
            PartitionBook book = new PartitionBook(tenure, progress, answersEnd, writer);
            onceOnly.forget(partition.partition());
            onceOnly.remember(
                    partition.partition(),
                    requestsTail.answered(partition, progress, share, READ_BACK.dividedBy(partitions.size())));
            recover(tenure, progress, answersEnd).ifPresent(from -> book.recovered(end(client, partition), from));
            opened.put(partition, book);
            if (last.isEmpty()) {
                first.put(partition, book.progress());
            }
        }
        commitFirst(client, first);
        opened.forEach((partition, book) -> {
            book.finals().resume(Set.of());
            books.open(partition.partition(), book);
        });
    }

    /** From here on whoever goes on knows which finals may be unknown to a commit. */
    private static void commitFirst(Consumer<?, ?> client, Map<TopicPartition, Progress> first) {
        try {
            client.commitSync(Progress.offsets(first));
        } catch (CommitFailedException | RebalanceInProgressException e) {
            LOG.infof("the first offsets of %s are committed later: %s", first.keySet(), e.getMessage());
        }
    }

    private static long end(Consumer<?, ?> client, TopicPartition partition) {
        return client.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    /** Shuts whoever had these partitions out, before it is read what that one has written. */
    private void fence(Collection<TopicPartition> partitions, Map<TopicPartition, FinalsWriter> writers) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            FinalsWriter writer = finals.of(partition.partition(), () -> broken(partition));
            writers.put(partition, writer);
            all.add(CompletableFuture.runAsync(
                    writer::fence, task -> Thread.ofVirtual().name("fence").start(task)));
        }
        try {
            // all have ended, also when one fails: whoever closes them then is alone
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof KafkaException cause) {
                throw cause;
            }
            throw e;
        }
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
            client.commitSync(Progress.offsets(Map.of(partition, book.progress())));
            book.finals().fence();
            Progress progress = book.progress();
            client.commitSync(Progress.offsets(Map.of(partition, progress)));
            Map<String, String> ended = progress.answersFrom().isPresent()
                    ? finalsFrom(
                            book.answersPartition().orElseThrow(),
                            progress.answersFrom().getAsLong())
                    : Map.of();
            onceOnly.remember(partition.partition(), ended);
            book.finals().resume(ended.keySet());
            LOG.infof("%s: its finals are written again", partition);
        } catch (RebalanceInProgressException e) {
            // who owns it is being said: asked again behind it
            vertx.setTimer(PAUSE.toMillis(), tick -> broken(partition));
        } catch (CommitFailedException e) {
            LOG.infof("%s is another scheduler's: %s", partition, e.getMessage());
        } catch (RuntimeException e) {
            LOG.warnf("%s is not open yet: %s", partition, e);
            vertx.setTimer(PAUSE.toMillis(), tick -> broken(partition));
        }
    }

    /** Remembers the finals that the last commit does not know of, and says where they begin if there are any. */
    private OptionalLong recover(PartitionBook.Tenure tenure, Progress progress, long end) {
        long from = progress.answersFrom().orElse(end);
        if (tenure.answersPartition().isEmpty() || from >= end) {
            return OptionalLong.empty();
        }
        Map<String, String> ids = finalsFrom(tenure.answersPartition().getAsInt(), from);
        onceOnly.remember(tenure.partition(), ids);
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
                sleep();
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
