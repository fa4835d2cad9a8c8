package dev.littoral.scheduler.kafka;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Takes records of the three incoming topics. */
@ApplicationScoped
class KafkaStages {

    private static final Logger LOG = Logger.getLogger(KafkaStages.class);
    private static final String REQUESTS = "requests";

    /** What is open of a partition must fit into a commit's metadata ({@link Progress}). */
    private static final int MOST_IN_FLIGHT = 512;

    private static final long MOST_HELD_BYTES = 64 << 20;
    private static final int HEAP_PER_HELD = 16;

    private final RequestHandler handler;
    private final RequestBooks books;
    private final TelemetryRecords telemetry;
    private final KafkaSettings settings;
    private final KafkaClientService clients;

    KafkaStages(
            RequestHandler handler,
            RequestBooks books,
            TelemetryRecords telemetry,
            KafkaSettings settings,
            KafkaClientService clients,
            @ConfigProperty(name = "littoral.scheduler.max-waiting") int maxWaiting) {
        this.clients = clients;
        this.handler = handler;
        this.books = books;
        this.telemetry = telemetry;
        check(settings.maxInFlight(), maxWaiting);
        this.settings = settings;
    }

    static void check(int maxInFlight, int maxWaiting) {
        if (maxInFlight < 1 || maxInFlight > MOST_IN_FLIGHT) {
            throw new IllegalArgumentException(
                    "littoral.kafka.max-in-flight must be 1 to " + MOST_IN_FLIGHT + ": " + maxInFlight);
        }
        if (maxInFlight >= maxWaiting) {
            throw new IllegalArgumentException("littoral.kafka.max-in-flight (" + maxInFlight
                    + ") must be less than littoral.scheduler.max-waiting (" + maxWaiting
                    + "), else requests from Kafka are refused that could wait on their topic: lower the first or raise the"
                    + " second");
        }
    }

    @Incoming(REQUESTS)
    Flow.Subscriber<Message<List<byte[]>>> requests() {
        long mostBytes =
                settings.maxHeldBytes().orElse(heldByHeap(Runtime.getRuntime().maxMemory()));
        return new RequestBatches(handler, books, settings, mostBytes, new Polling());
    }

    private final class Polling implements PollingThread {

        @Override
        public void execute(Runnable task) {
            with(client -> task.run());
        }

        @Override
        public void regulate(IntPredicate full, BooleanSupplier reads) {
            with(client -> {
                List<TopicPartition> closed = new ArrayList<>();
                List<TopicPartition> open = new ArrayList<>();
                client.assignment().forEach(each -> (full.test(each.partition()) ? closed : open).add(each));
                client.pause(closed);
                if (reads.getAsBoolean()) {
                    client.resume(open);
                }
            });
        }

        private void with(Consumer<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> task) {
            clients.<byte[], byte[]>getConsumer(REQUESTS)
                    .runOnPollingThread(task)
                    .subscribe()
                    .with(done -> {}, failure -> LOG.debugf("records are polled no more: %s", failure.getMessage()));
        }
    }

    /** A request lies in the heap as bytes, as text and, while it is read, as a tree; others want room, too. */
    static long heldByHeap(long heapBytes) {
        return Math.min(MOST_HELD_BYTES, heapBytes / HEAP_PER_HELD);
    }

    @Incoming("cancellations")
    CompletionStage<Void> cancel(Message<byte[]> message) {
        key(message).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).ifPresent(handler::cancel);
        return message.ack();
    }

    @Incoming("telemetry")
    CompletionStage<Void> telemetry(Message<byte[]> message) {
        payload(message).ifPresent(telemetry::take);
        return message.ack();
    }

    private static Optional<byte[]> payload(Message<byte[]> message) {
        return Optional.ofNullable(message.getPayload());
    }

    private static Optional<byte[]> key(Message<byte[]> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class)
                .flatMap(metadata -> Optional.ofNullable(metadata.getKey()))
                .map(byte[].class::cast);
    }
}
