package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

/** Writes finals in the transactions of one id, one after the other; used by one thread. */
final class FinalsLane {

    private static final Logger LOG = Logger.getLogger(FinalsLane.class);

    /**
     * So often the end of a transaction is asked for, two minutes with a producer's patience of 10 s. A producer whose own
     * thread has died of an error would never say more, and a broker that was away for so long is asked anew.
     */
    private static final int MOST_TIMEOUTS = 12;

    private final String id;
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final UnseenFinals unseen;

    /**
     * Goes on with an id whose transactions are open.
     *
     * @param id of its transactions
     * @param unseen takes what is committed
     */
    FinalsLane(String id, Producer<byte[], byte[]> producer, String topic, UnseenFinals unseen) {
        this.id = id;
        this.producer = producer;
        this.topic = topic;
        this.unseen = unseen;
    }

    String id() {
        return id;
    }

    /**
     * Writes each of them, or tells the one who waits for it that the broker never takes it; false when the lane can write
     * no more. Those that are neither unseen nor refused then are written, or are not: whoever opens the id anew can look.
     */
    boolean write(List<PendingFinal> batch) {
        try {
            return allOrHalves(batch);
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "%s did not write by a fault of the scheduler's own, and is opened anew", id);
            return false;
        }
    }

    void close() {
        producer.close(Duration.ZERO);
    }

    private boolean allOrHalves(List<PendingFinal> batch) {
        RuntimeException failure;
        try {
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (PendingFinal each : batch) {
                sent.add(each.send(producer, topic));
            }
            long askedAt = unseen.now();
            if (!ended(producer::commitTransaction, "committed")) {
                return false;
            }
            for (int each = 0; each < batch.size(); each++) {
                unseen.add(id, batch.get(each), sent.get(each).get(), askedAt);
            }
            return true;
        } catch (KafkaException | IllegalStateException e) {
            failure = e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a record of a transaction that is committed is written", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a lane", e);
        }
        if (!aborted(failure)) {
            return false;
        }
        if (batch.size() > 1) {
            // one of them is refused: halves find it in few transactions, and all other lanes wait for these
            int half = batch.size() / 2;
            return allOrHalves(batch.subList(0, half)) && allOrHalves(batch.subList(half, batch.size()));
        }
        batch.getFirst().written().completeExceptionally(causeOf(failure));
        return true;
    }

    private boolean aborted(RuntimeException failure) {
        try {
            // the mark of this end also ends what was committed before and never marked: readers would pass it as
            // aborted
            return unseen.awaitSeen(id) && ended(producer::abortTransaction, "given up");
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a lane", e);
        } catch (KafkaException | IllegalStateException e) {
            LOG.infof("%s writes no more: %s", id, causeOf(failure).getMessage());
            return false;
        }
    }

    /** Ends a transaction; whether an end that timed out took place is only known when it is asked for again. */
    private boolean ended(Runnable end, String how) {
        for (int timeouts = 0; timeouts < MOST_TIMEOUTS; timeouts++) {
            try {
                end.run();
                return true;
            } catch (TimeoutException e) {
                LOG.warnf("a transaction of %s is not %s yet: %s", id, how, e.getMessage());
            }
        }
        LOG.warnf("%s is opened anew: whether its transaction is %s is not said", id, how);
        return false;
    }

    private static Throwable causeOf(RuntimeException failure) {
        return Optional.ofNullable(failure.getCause())
                .filter(KafkaException.class::isInstance)
                .orElse(failure);
    }
}
