package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Opens the writers of finals. */
@Singleton
class Finals {

    private final String group;
    private final Publisher publisher;
    private final TransactionalProducers producers;
    private final AnswersEnds ends;
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
        this.ends = ends;
        this.settings = settings;
    }

    /** Opens the writer of one partition of requests; {@code whenBroken} is told that it lost its right to write. */
    FinalsWriter of(int partition, Runnable whenBroken) {
        return settings.fencedFinals()
                ? new FencedFinals(group + "-finals-" + partition, Topics.RESPONSES, producers, ends, whenBroken)
                : FinalsWriter.unfenced(publisher);
    }
}
