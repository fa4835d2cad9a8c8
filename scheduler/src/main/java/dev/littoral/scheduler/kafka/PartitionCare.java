package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Looks at all partitions of requests that the group gave this scheduler, and puts right what is not as it should be. It
 * goes by how things are, never by what was said to have happened: an error may have ended whoever was to say it.
 */
final class PartitionCare {

    private static final Logger LOG = Logger.getLogger(PartitionCare.class);

    private final RequestBooks books;
    private final RequestsTopic topic;
    private final FinalsMending mending;
    private final BiConsumer<Collection<TopicPartition>, PartitionTakeover.Occasion> begin;

    /**
     * Looks at nothing yet.
     *
     * @param begin takes partitions as if the group gave them now
     */
    PartitionCare(
            RequestBooks books,
            RequestsTopic topic,
            FinalsMending mending,
            BiConsumer<Collection<TopicPartition>, PartitionTakeover.Occasion> begin) {
        this.books = books;
        this.topic = topic;
        this.mending = mending;
        this.begin = begin;
    }

    /** Looks once, on the polling thread. */
    void look(Consumer<?, ?> client) {
        List<TopicPartition> mine = List.copyOf(client.assignment());
        if (books.all().values().stream().anyMatch(book -> book.isOfAnother(topic.known()))) {
            LOG.warnf("%s was made anew: %s are begun at what it has", Topics.REQUESTS, mine);
            begin.accept(mine, PartitionTakeover.Occasion.MADE_ANEW);
        }
        List<TopicPartition> overlooked = mine.stream()
                .filter(each -> books.of(each.partition()).isEmpty())
                .toList();
        if (!overlooked.isEmpty()) {
            begin.accept(overlooked, PartitionTakeover.Occasion.OVERLOOKED);
        }
        for (TopicPartition partition : mine) {
            books.of(partition.partition())
                    .filter(book -> !book.finals().writes())
                    .ifPresent(book -> mending.mend(client, partition, book));
        }
    }
}
