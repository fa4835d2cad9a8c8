package dev.littoral.scheduler.kafka;

import java.time.Duration;
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

    private TransactionOpening() {}

    /** Asks until the broker lets it: a right that is missing may come. */
    static Producer<byte[], byte[]> open(String id, Function<String, Producer<byte[], byte[]>> producers) {
        Producer<byte[], byte[]> producer = producers.apply(id);
        while (true) {
            try {
                producer.initTransactions();
                return producer;
            } catch (TimeoutException e) {
                LOG.warnf("transaction %s is not open yet: %s", id, e.getMessage());
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                LOG.warnf("transaction %s cannot be opened, next try in %s: %s", id, PAUSE, e.getMessage());
                // after this a producer is of no use
                producer.close(Duration.ZERO);
                sleep();
                producer = producers.apply(id);
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
