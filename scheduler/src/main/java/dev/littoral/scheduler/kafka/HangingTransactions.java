package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Ends transactions that a partition takes for open while their coordinator knows nothing of them. A broker that is killed
 * may leave one behind; nobody else would ever end it, and readers of what is committed stop in front of it for ever. Kafka
 * leaves it to operators to abort it (KIP-664).
 */
final class HangingTransactions {

    private static final Logger LOG = Logger.getLogger(HangingTransactions.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Set<TransactionState> ENDED =
            Set.of(TransactionState.EMPTY, TransactionState.COMPLETE_ABORT, TransactionState.COMPLETE_COMMIT);

    private final Map<String, Object> defaults;
    /** When each was seen first, of those that hang still. */
    private final Map<TopicPartition, Map<Open, Long>> seen = new HashMap<>();

    HangingTransactions(Map<String, Object> defaults) {
        this.defaults = Map.copyOf(defaults);
    }

    /**
     * Aborts what hangs there; where that is refused, says how to do it by hand.
     *
     * @param age what has not been seen to hang for so long is left alone for now: it may be of somebody who still takes it
     *     for committed
     */
    synchronized void abort(TopicPartition partition, Duration age) {
        try (Admin admin = Admin.create(settings())) {
            // open before its coordinator was asked and behind that: no transaction that merely ended meanwhile
            Set<Open> before = open(admin, partition);
            Set<Long> underWay = underWay(admin);
            Set<Open> hanging = new HashSet<>(open(admin, partition));
            hanging.retainAll(before);
            hanging.removeIf(each -> underWay.contains(each.producerId()));
            for (Open each : old(partition, hanging, age)) {
                abort(admin, partition, each);
            }
        } catch (ExecutionException e) {
            LOG.warnf("the transactions of %s cannot be looked at: %s", partition, e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Set<Open> old(TopicPartition partition, Set<Open> hanging, Duration age) {
        long now = System.nanoTime();
        Map<Open, Long> since = seen.computeIfAbsent(partition, each -> new HashMap<>());
        since.keySet().retainAll(hanging);
        hanging.forEach(each -> since.putIfAbsent(each, now));
        return hanging.stream()
                .filter(each -> now - since.getOrDefault(each, now) >= age.toNanos())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static void abort(Admin admin, TopicPartition partition, Open open)
            throws InterruptedException, ExecutionException {
        try {
            admin.abortTransaction(new AbortTransactionSpec(
                            partition, open.producerId(), (short) open.epoch(), open.coordinatorEpoch()))
                    .all()
                    .get();
            LOG.warnf(
                    "aborted a transaction that hung in %s from offset %d on: its coordinator does not know of it",
                    partition, open.from());
        } catch (ExecutionException e) {
            LOG.warnf(
                    "a transaction hangs in %s and cannot be aborted with this user's rights (%s); abort it by: "
                            + "kafka-transactions.sh abort --topic %s --partition %d --start-offset %d",
                    partition, e.getCause(), partition.topic(), partition.partition(), open.from());
        }
    }

    private static Set<Open> open(Admin admin, TopicPartition partition)
            throws InterruptedException, ExecutionException {
        return admin.describeProducers(List.of(partition)).partitionResult(partition).get().activeProducers().stream()
                .filter(each -> each.currentTransactionStartOffset().isPresent())
                .map(Open::of)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<Long> underWay(Admin admin) throws InterruptedException, ExecutionException {
        return admin.listTransactions().all().get().stream()
                .filter(each -> !ENDED.contains(each.state()))
                .map(TransactionListing::producerId)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(defaults);
        settings.keySet().retainAll(AdminClientConfig.configNames());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        return settings;
    }

    private record Open(long producerId, int epoch, int coordinatorEpoch, long from) {

        static Open of(ProducerState state) {
            OptionalLong from = state.currentTransactionStartOffset();
            return new Open(
                    state.producerId(),
                    state.producerEpoch(),
                    state.coordinatorEpoch().orElse(-1),
                    from.orElseThrow());
        }
    }
}
