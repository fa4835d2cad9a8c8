package dev.littoral.scheduler.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jboss.logging.Logger;

/**
 * Has finals written again: somebody else has fenced them, the broker took a transaction for dead, or an error ended those
 * who write. Whoever is the partition's owner fences anew; whether that is this scheduler the commit says, which the broker
 * takes from the owner only.
 */
final class FinalsMending {

    private static final Logger LOG = Logger.getLogger(FinalsMending.class);

    private final OnceOnly onceOnly;
    private final FinalsBehind behind;

    FinalsMending(OnceOnly onceOnly, FinalsBehind behind) {
        this.onceOnly = onceOnly;
        this.behind = behind;
    }

    /** Tries it once, on the polling thread; whoever calls it looks at whether the finals are written, and calls again. */
    void mend(Consumer<?, ?> client, TopicPartition partition, PartitionBook book) {
        try {
            // whoever is no longer the owner must not disturb the one who is
            client.commitSync(Progress.offsets(Map.of(partition, book.progress())));
            book.finals().fence();
            Progress progress = book.progress();
            client.commitSync(Progress.offsets(Map.of(partition, progress)));
            Map<String, String> ended = behind.from(client, progress.answersFrom());
            if (!ended.isEmpty()) {
                onceOnly.recover(partition.partition(), ended);
                book.recovered(progress.answersFrom(), () -> onceOnly.settle(partition.partition()));
            }
            book.finals().resume(ended.keySet());
            LOG.infof("%s: its finals are written again", partition);
        } catch (RebalanceInProgressException e) {
            LOG.debugf("who owns %s is being said: %s", partition, e.getMessage());
        } catch (CommitFailedException e) {
            LOG.infof("%s is another scheduler's: %s", partition, e.getMessage());
        } catch (RuntimeException | Error e) {
            say(partition, e);
        }
    }

    private static void say(TopicPartition partition, Throwable failure) {
        try {
            LOG.warnf("%s is not open yet: %s", partition, failure);
        } catch (RuntimeException | Error e) {
            // what fails here, since memory is still short, must not keep others from being mended
        }
    }
}
