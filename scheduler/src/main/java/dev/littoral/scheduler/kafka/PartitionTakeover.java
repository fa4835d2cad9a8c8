package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/** Takes partitions of requests over where another scheduler, or this one before, left them. */
final class PartitionTakeover {

    /** Why partitions are taken. */
    enum Occasion {
        /** The group gave them, and the consumer goes on at what is committed. */
        ASSIGNED,
        /** They were this scheduler's, and something kept it from taking them: the consumer may be anywhere. */
        OVERLOOKED,
        /** They were this scheduler's, and their topic is another one by now: the consumer may be anywhere. */
        MADE_ANEW
    }

    private static final Logger LOG = Logger.getLogger(PartitionTakeover.class);
    /** So long at most the answered requests of all partitions are read back that are taken at once. */
    private static final Duration READ_BACK = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Supplier<? extends Consumer<?, ?>> consumer;
    private final RequestBooks books;
    private final OnceOnly onceOnly;
    private final RequestsTopic topic;
    private final RequestsTail requestsTail;
    private final FinalsBehind behind;
    private final Finals finals;
    private final Duration pause;

    PartitionTakeover(
            Supplier<? extends Consumer<?, ?>> consumer,
            RequestBooks books,
            OnceOnly onceOnly,
            RequestsTopic topic,
            RequestsTail requestsTail,
            FinalsBehind behind,
            Finals finals) {
        this(consumer, books, onceOnly, topic, requestsTail, behind, finals, PAUSE);
    }

    PartitionTakeover(
            Supplier<? extends Consumer<?, ?>> consumer,
            RequestBooks books,
            OnceOnly onceOnly,
            RequestsTopic topic,
            RequestsTail requestsTail,
            FinalsBehind behind,
            Finals finals,
            Duration pause) {
        this.consumer = consumer;
        this.books = books;
        this.onceOnly = onceOnly;
        this.topic = topic;
        this.requestsTail = requestsTail;
        this.behind = behind;
        this.finals = finals;
        this.pause = pause;
    }

    /**
     * Opens the books of these partitions, on the polling thread. Tries until it is done, whatever fails: without its
     * book a partition's records would be passed over. What its topic no longer has is left out.
     *
     * @param whenBroken called when the finals of one of them are no longer written
     */
    void take(Collection<TopicPartition> partitions, Occasion occasion, Runnable whenBroken) {
        while (!taken(partitions, occasion, whenBroken)) {
            sleep();
        }
    }

    private boolean taken(Collection<TopicPartition> partitions, Occasion occasion, Runnable whenBroken) {
        Map<TopicPartition, FinalsWriter> writers = new HashMap<>();
        try {
            open(partitions, occasion, whenBroken, writers);
            return true;
        } catch (WakeupException | InterruptException e) {
            writers.values().forEach(FinalsWriter::close);
            throw e;
        } catch (RuntimeException | Error e) {
            giveUp(partitions, writers.values(), e);
            return false;
        }
    }

    private void giveUp(Collection<TopicPartition> partitions, Collection<FinalsWriter> writers, Throwable failure) {
        try {
            writers.forEach(FinalsWriter::close);
            if (failure instanceof KafkaException) {
                LOG.warnf("%s cannot be served yet, next try in %s: %s", partitions, pause, failure.getMessage());
            } else {
                LOG.errorf(
                        failure,
                        "%s cannot be served by a fault of the scheduler's own, next try in %s",
                        partitions,
                        pause);
            }
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // what fails here, since memory is still short, must not end the tries
        }
    }

    /** Forgets what these partitions have answered: whoever takes them over reads it back. */
    void leave(Collection<TopicPartition> partitions) {
        partitions.forEach(each -> onceOnly.forget(each.partition()));
    }

    private void open(
            Collection<TopicPartition> all,
            Occasion occasion,
            Runnable whenBroken,
            Map<TopicPartition, FinalsWriter> writers) {
        Consumer<?, ?> client = consumer.get();
        RequestsTopic.Seen seen = topic.now();
        List<TopicPartition> partitions = all.stream()
                .filter(each -> each.partition() < seen.partitions())
                .toList();
        if (partitions.isEmpty()) {
            return;
        }
        int answerPartitions = FinalsBehind.partitions(client);
        fence(partitions, writers, whenBroken);
        Map<TopicPartition, OffsetAndMetadata> before = client.committed(Set.copyOf(partitions));
        Map<TopicPartition, Long> begins = client.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = client.endOffsets(partitions);
        // of each partition so many are remembered at least, however many there are of the others
        int share = onceOnly.mostRemembered() / Math.max(1, books.all().size() + partitions.size());
        Map<TopicPartition, PartitionBook> opened = new HashMap<>();
        Map<TopicPartition, Progress> first = new HashMap<>();
        for (TopicPartition partition : partitions) {
            int number = partition.partition();
            int answers = number % answerPartitions;
            long begin = begins.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, begin);
            Optional<Long> committed =
                    Optional.ofNullable(before.get(partition)).map(OffsetAndMetadata::offset);
            Optional<Progress> last = Optional.ofNullable(before.get(partition))
                    .map(offset -> Progress.of(offset.offset(), offset.metadata(), answers));
            boolean another = last.stream().anyMatch(each -> each.isOfAnother(seen.id()));
            Progress progress = last.map(each -> each.goingOn(seen.id(), begin, end))
                    .orElseGet(() -> Progress.startingAt(
                                    occasion == Occasion.ASSIGNED ? client.position(partition) : begin)
                            .in(seen.id()));
            if (occasion != Occasion.ASSIGNED || committed.stream().anyMatch(each -> each != progress.next())) {
                client.seek(partition, progress.next());
            }
            PartitionBook book = new PartitionBook(
                    new PartitionBook.Tenure(
                            number, answers, Math.max(0, client.groupMetadata().generationId())),
                    progress,
                    end(client, answers),
                    Objects.requireNonNull(writers.get(partition)));
            if (occasion != Occasion.MADE_ANEW) {
                onceOnly.forget(number);
                onceOnly.remember(
                        number,
                        requestsTail.answered(partition, progress, share, READ_BACK.dividedBy(partitions.size())));
            }
            last.map(each -> each.answersFrom().headMap(answerPartitions))
                    .ifPresent(places -> recover(client, book, number, places, end));
            opened.put(partition, book);
            if (last.isEmpty() || another) {
                LOG.infof("%s is begun at offset %d", partition, progress.next());
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

    private static long end(Consumer<?, ?> client, int answers) {
        TopicPartition partition = new TopicPartition(Topics.RESPONSES, answers);
        return client.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    /** Shuts whoever had these partitions out, before it is read what that one has written. */
    private void fence(
            Collection<TopicPartition> partitions, Map<TopicPartition, FinalsWriter> writers, Runnable whenBroken) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        try {
            for (TopicPartition partition : partitions) {
                FinalsWriter writer = finals.of(partition.partition(), whenBroken);
                writers.put(partition, writer);
                all.add(CompletableFuture.runAsync(
                        writer::fence, task -> Thread.ofVirtual().name("fence").start(task)));
            }
        } finally {
            // all have ended, also when one fails: whoever closes them then is alone
            all.forEach(each -> each.exceptionally(failure -> null).join());
        }
        for (CompletableFuture<Void> each : all) {
            try {
                each.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof KafkaException cause ? cause : e;
            }
        }
    }

    /** Remembers the finals that the last commit does not know of: their requests are still to be read. */
    private void recover(Consumer<?, ?> client, PartitionBook book, int partition, Map<Integer, Long> from, long end) {
        Map<Integer, Long> places = new HashMap<>(from);
        // where nothing was written since there is nothing to be read
        places.entrySet().removeIf(each -> each.getValue() == end(client, each.getKey()));
        Map<String, String> ids = behind.from(client, places);
        if (!ids.isEmpty()) {
            onceOnly.recover(partition, ids);
            book.recovered(end, places, () -> onceOnly.settle(partition));
        }
    }

    private void sleep() {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
