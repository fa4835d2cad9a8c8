package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Asks the brokers for the ends of the answers, as a reader of what is committed sees them; used by one thread. A broker
 * that is away holds only its own partitions up: the question stays open, and the others are asked about again.
 */
@Singleton
class AnswersEnds implements StableEnds, AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int MOMENT_MILLIS = 500;

    private final Map<String, Object> defaults;
    private final Map<Integer, KafkaFuture<ListOffsetsResultInfo>> open = new HashMap<>();
    private Optional<Admin> admin = Optional.empty();

    AnswersEnds(@Identifier("default-kafka-broker") Map<String, Object> defaults) {
        this.defaults = Map.copyOf(defaults);
    }

    @Override
    public Map<Integer, Long> of(Set<Integer> partitions) {
        ask(partitions);
        Map<Integer, Long> ends = new HashMap<>();
        Optional<Throwable> refusal = Optional.empty();
        for (int partition : partitions) {
            KafkaFuture<ListOffsetsResultInfo> answer = open.get(partition);
            if (answer != null && answer.isDone()) {
                open.remove(partition);
                try {
                    ends.put(partition, answer.get().offset());
                } catch (ExecutionException e) {
                    refusal = Optional.ofNullable(e.getCause());
                } catch (InterruptedException e) {
                    throw new InterruptException(e);
                }
            }
        }
        if (ends.isEmpty() && refusal.isPresent()) {
            throw new KafkaException("the ends of the answers are not told", refusal.orElseThrow());
        }
        return ends;
    }

    /** Asks about those that no question is open about, and gives it a moment. */
    private void ask(Set<Integer> partitions) {
        Map<TopicPartition, OffsetSpec> asked = partitions.stream()
                .filter(number -> !open.containsKey(number))
                .collect(Collectors.toMap(
                        number -> new TopicPartition(Topics.RESPONSES, number), number -> OffsetSpec.latest()));
        if (asked.isEmpty()) {
            return;
        }
        ListOffsetsResult result = opened().listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        asked.keySet().forEach(each -> open.put(each.partition(), result.partitionResult(each)));
        try {
            var ignored = result.all().get(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // each partition has an answer of its own, and some may have one
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private synchronized Admin opened() {
        if (admin.isEmpty()) {
            Map<String, Object> settings = new HashMap<>(defaults);
            settings.keySet().retainAll(AdminClientConfig.configNames());
            settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
            settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
            admin = Optional.of(Admin.create(settings));
        }
        return admin.orElseThrow();
    }

    @PreDestroy
    @Override
    public synchronized void close() {
        admin.ifPresent(each -> each.close(Duration.ZERO));
    }
}
