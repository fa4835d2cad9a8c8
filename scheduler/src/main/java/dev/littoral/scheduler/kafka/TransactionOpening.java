package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

/** Opens transactional ids, which shuts out whoever had them before. */
final class TransactionOpening {

    private static final Logger LOG = Logger.getLogger(TransactionOpening.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** As {@link FinalsLane} has it: a producer whose own thread has died of an error would never say more. */
    private static final int MOST_TIMEOUTS = 12;

    private TransactionOpening() {}

    /** Asks until the broker lets it: a right that is missing may come, and so may a name or a file that is. */
    static Producer<byte[], byte[]> open(String id, Function<String, Producer<byte[], byte[]>> producers) {
        return open(id, producers, PAUSE);
    }

    static Producer<byte[], byte[]> open(
            String id, Function<String, Producer<byte[], byte[]>> producers, Duration pause) {
        while (true) {
            try {
                return opened(id, producers.apply(id));
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                LOG.warnf("transaction %s cannot be opened, next try in %s: %s", id, pause, reason(e));
                sleep(pause);
            }
        }
    }

    private static Producer<byte[], byte[]> opened(String id, Producer<byte[], byte[]> producer) {
        int timeouts = 0;
        while (true) {
            try {
                producer.initTransactions();
                return producer;
            } catch (RuntimeException | Error e) {
                if (e instanceof TimeoutException && ++timeouts < MOST_TIMEOUTS) {
                    LOG.warnf("transaction %s is not open yet: %s", id, e.getMessage());
                } else {
                    // after this a producer is of no use
                    producer.close(Duration.ZERO);
                    throw e;
                }
            }
        }
    }

    /** That a producer could not be made says little without why. */
    private static String reason(KafkaException failure) {
        return Optional.ofNullable(failure.getCause())
                .map(cause -> failure.getMessage() + ": " + cause.getMessage())
                .orElseGet(() -> String.valueOf(failure.getMessage()));
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
