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
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** Asks the broker for the ends of the answers, as a reader of what is committed sees them. */
@Singleton
class AnswersEnds implements StableEnds, AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Map<String, Object> defaults;
    private Optional<Admin> admin = Optional.empty();

    AnswersEnds(@Identifier("default-kafka-broker") Map<String, Object> defaults) {
        this.defaults = Map.copyOf(defaults);
    }

    @Override
    public Map<Integer, Long> of(Set<Integer> partitions) {
        Map<TopicPartition, OffsetSpec> asked = partitions.stream()
                .collect(Collectors.toMap(
                        number -> new TopicPartition(Topics.RESPONSES, number), number -> OffsetSpec.latest()));
        try {
            Map<Integer, Long> ends = new HashMap<>();
            opened().listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
            return ends;
        } catch (ExecutionException e) {
            throw new KafkaException("the ends of the answers are not told", e.getCause());
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
