package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the brokers which topic has the name of the requests: one that was made anew has another id, and counts from 0. */
@Singleton
class RequestsTopic {

    /**
     * The topic at one moment.
     *
     * @param id absent where brokers do not tell it
     * @param partitions none where there is no such topic
     */
    record Seen(Optional<Uuid> id, int partitions) {}

    private static final Seen MISSING = new Seen(Optional.empty(), 0);

    private final LastingAdmin admin;
    private volatile Optional<Uuid> known = Optional.empty();

    RequestsTopic(LastingAdmin admin) {
        this.admin = admin;
    }

    /** Returns the id that was told last. */
    Optional<Uuid> known() {
        return known;
    }

    /** Asks, and waits for nothing. */
    CompletableFuture<Seen> ask() {
        CompletableFuture<Seen> seen = new CompletableFuture<>();
        var answers = admin.toAsk().describeTopics(List.of(Topics.REQUESTS)).topicNameValues();
        var ignored = Objects.requireNonNull(answers.get(Topics.REQUESTS)).whenComplete((topic, failure) -> {
            if (failure == null) {
                admin.told();
                seen.complete(seen(topic));
            } else if (failure instanceof UnknownTopicOrPartitionException) {
                admin.told();
                seen.complete(MISSING);
            } else {
                seen.completeExceptionally(failure);
            }
        });
        return seen;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws KafkaException when there is none
     */
    Seen now() {
        try {
            return ask().get(2 * LastingAdmin.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException("which topic has the requests is not told", Objects.requireNonNull(e.getCause()));
        } catch (TimeoutException e) {
            throw new KafkaException("which topic has the requests is not told in time", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Seen seen(TopicDescription topic) {
        Optional<Uuid> id = Optional.of(topic.topicId()).filter(each -> !each.equals(Uuid.ZERO_UUID));
        known = id;
        return new Seen(id, topic.partitions().size());
    }
}
