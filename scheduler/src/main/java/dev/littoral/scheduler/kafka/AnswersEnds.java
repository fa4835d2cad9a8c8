package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
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
class AnswersEnds implements StableEnds {

    private static final int MOMENT_MILLIS = 500;

    private final LastingAdmin admin;
    private final Map<Integer, KafkaFuture<ListOffsetsResultInfo>> open = new HashMap<>();
    /** Whom the open questions were put to. */
    private Optional<Admin> asked = Optional.empty();

    AnswersEnds(LastingAdmin admin) {
        this.admin = admin;
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
        Admin now = admin.toAsk();
        if (!asked.equals(Optional.of(now))) {
            // what another one was asked is never answered
            open.clear();
            asked = Optional.of(now);
        }
        Map<TopicPartition, OffsetSpec> questions = partitions.stream()
                .filter(number -> !open.containsKey(number))
                .collect(Collectors.toMap(
                        number -> new TopicPartition(Topics.RESPONSES, number), number -> OffsetSpec.latest()));
        if (questions.isEmpty()) {
            return;
        }
        ListOffsetsResult result = now.listOffsets(questions, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        questions.keySet().forEach(each -> open.put(each.partition(), answer(result, each)));
        try {
            var ignored = result.all().get(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // each partition has an answer of its own, and some may have one
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private KafkaFuture<ListOffsetsResultInfo> answer(ListOffsetsResult result, TopicPartition partition) {
        return result.partitionResult(partition).whenComplete((end, failure) -> {
            if (failure == null) {
                admin.told();
            }
        });
    }
}
