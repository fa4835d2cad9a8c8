package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/** Reads back the finals behind a commit, on the polling thread. */
final class FinalsBehind {

    private static final Logger LOG = Logger.getLogger(FinalsBehind.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Whoever else writes there has looked for finals of his own that do not show long before. */
    private static final Duration OTHERS_PATIENCE = FencedFinals.UNSEEN_PATIENCE.multipliedBy(2);

    private final FinalsTail tail;

    FinalsBehind(FinalsTail tail) {
        this.tail = tail;
    }

    /**
     * Returns how many partitions the answers have.
     *
     * @throws UnknownTopicOrPartitionException when there are none: what was answered before cannot be told without them
     */
    static int partitions(Consumer<?, ?> client) {
        int partitions = count(client, Topics.RESPONSES);
        if (partitions == 0) {
            throw new UnknownTopicOrPartitionException("there is no topic " + Topics.RESPONSES);
        }
        return partitions;
    }

    /**
     * Returns the ids of the requests whose finals lie from these places on, with the digests of their bodies. Asks until
     * it is told: without these ids requests would be answered twice.
     *
     * @param places by partition of the answers
     */
    Map<String, String> from(Consumer<?, ?> client, Map<Integer, Long> places) {
        if (places.isEmpty()) {
            return Map.of();
        }
        Duration age =
                count(client, Topics.REQUESTS) > count(client, Topics.RESPONSES) ? OTHERS_PATIENCE : Duration.ZERO;
        Map<String, String> ids = new HashMap<>();
        places.forEach(
                (partition, from) -> ids.putAll(asked(new TopicPartition(Topics.RESPONSES, partition), from, age)));
        return ids;
    }

    private Map<String, String> asked(TopicPartition answers, long from, Duration age) {
        while (true) {
            try {
                Map<String, String> ids = tail.idsFrom(answers, from, PATIENCE, age);
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

    private static int count(Consumer<?, ?> client, String topic) {
        return Optional.ofNullable(client.partitionsFor(topic))
                .orElse(List.of())
                .size();
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
