package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.WireRecord;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Takes request records as they are polled, notes them in the books, and has them worked on. */
final class RequestBatches implements Flow.Subscriber<Message<List<byte[]>>> {

    private static final Logger LOG = Logger.getLogger(RequestBatches.class);

    /** A record whose partition is this scheduler's, and its place in the books. */
    private record Held(ConsumerRecord<byte[], byte[]> request, PartitionBook.Entry entry) {}

    private final RequestBooks books;
    private final Executor polling;
    private final Duration pause;
    private final InFlight<Held> inFlight;

    /**
     * Reads nothing yet.
     *
     * @param polling runs a task on the thread that polls the records
     */
    RequestBatches(
            RequestHandler handler, RequestBooks books, KafkaSettings settings, long mostBytes, Executor polling) {
        this.books = books;
        this.polling = polling;
        this.pause = settings.resendAfter();
        this.inFlight =
                new InFlight<>(settings.maxInFlight(), mostBytes, settings.resendAfter(), new InFlight.Work<>() {
                    @Override
                    public boolean on(Held held) throws InterruptedException {
                        return handler.handle(key(held.request()), wire(held.request()), held.entry());
                    }

                    @Override
                    public boolean giveUp(Held held) throws InterruptedException {
                        return handler.giveUp(key(held.request()), wire(held.request()), held.entry());
                    }

                    @Override
                    public void done(Held held) {
                        held.entry().done();
                    }

                    @Override
                    public int bytes(Held held) {
                        return Math.max(0, held.request().serializedValueSize());
                    }
                });
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        inFlight.begin(() -> subscription.request(1), polling);
    }

    /** Whatever fails is tried again: the connector never gives another batch to whoever throws here. */
    @Override
    public void onNext(Message<List<byte[]>> batch) {
        Optional<List<Held>> held = Optional.empty();
        while (true) {
            try {
                held = Optional.of(held.isEmpty() ? held(batch) : List.of());
                inFlight.take(held.orElseThrow());
                return;
            } catch (RuntimeException | Error e) {
                if (!pause(e)) {
                    return;
                }
            }
        }
    }

    private List<Held> held(Message<List<byte[]>> batch) {
        List<Held> held = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> request : records(batch)) {
            // before any of them is begun: what is answered is committed up to the first that is read and is not
            books.of(request.partition())
                    .filter(book -> book.read(request.offset()))
                    .ifPresent(book -> held.add(new Held(request, book.entry(request.offset()))));
        }
        return held;
    }

    /** First of all: where memory is short, others may give some back. */
    private boolean pause(Throwable failure) {
        try {
            Thread.sleep(pause);
            LOG.error("a batch of requests is not taken yet", failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException | Error e) {
            // what fails here, since memory is still short, must not end the tries
        }
        return true;
    }

    @SuppressWarnings("unchecked")
    private static Iterable<ConsumerRecord<byte[], byte[]>> records(Message<List<byte[]>> batch) {
        return batch.getMetadata(IncomingKafkaRecordBatchMetadata.class)
                .map(metadata -> (Iterable<ConsumerRecord<byte[], byte[]>>) (Iterable<?>) metadata.getRecords())
                .orElse(List.of());
    }

    @Override
    public void onError(Throwable failure) {
        LOG.error("requests are no longer read from Kafka", failure);
    }

    @Override
    public void onComplete() {
        LOG.debug("requests have ended");
    }

    private static Optional<byte[]> key(ConsumerRecord<byte[], byte[]> request) {
        return Optional.ofNullable(request.key());
    }

    static WireRecord wire(ConsumerRecord<byte[], byte[]> request) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        for (Header header : request.headers()) {
            headers.put(header.key(), Optional.ofNullable(header.value()).orElse(new byte[0]));
        }
        return new WireRecord(headers, Optional.ofNullable(request.value()));
    }
}
