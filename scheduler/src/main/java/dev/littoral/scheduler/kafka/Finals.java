package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Opens the writers of finals. */
@Singleton
class Finals implements AutoCloseable {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    /** While few finals wait they hold nobody up. */
    private static final Duration LOOK_RARELY = Duration.ofMillis(25);

    private final String group;
    private final Publisher publisher;
    private final TransactionalProducers producers;
    private final FinalsWatch watch;
    private final KafkaSettings settings;

    Finals(
            @ConfigProperty(name = "mp.messaging.incoming.requests.group.id") String group,
            Publisher publisher,
            TransactionalProducers producers,
            AnswersEnds ends,
            KafkaSettings settings) {
        this.group = group;
        this.publisher = publisher;
        this.producers = producers;
        // what waits here takes the place of requests that could run
        this.watch = new FinalsWatch(ends, LOOK_AGAIN, LOOK_RARELY, Math.max(1, settings.maxInFlight() / 2));
        this.settings = settings;
    }

    /** Opens the writer of one partition of requests; {@code whenBroken} is told that it lost its right to write. */
    FinalsWriter of(int partition, Runnable whenBroken) {
        return settings.fencedFinals()
                ? new FencedFinals(group + "-finals-" + partition, Topics.RESPONSES, producers, watch, whenBroken)
                : FinalsWriter.unfenced(publisher);
    }

    @PreDestroy
    @Override
    public void close() {
        watch.close();
    }
}
