package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.RequestReader;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Takes request records as they are polled, notes them in the books, and has them worked on. */
final class RequestBatches implements Flow.Subscriber<Message<List<byte[]>>> {

    private static final Logger LOG = Logger.getLogger(RequestBatches.class);

    /** Requests that are read ahead, be they short. */
    private static final int MOST_AHEAD = 8192;

    /** A record whose partition is this scheduler's, and its place in the books. */
    private record Held(RequestRecord request, PartitionBook.Entry entry, Place place) {}

    private final RequestBooks books;
    private final PollingThread polling;
    private final RequestReader reader;
    private final Duration pause;
    private final InFlight<Held> inFlight;

    /**
     * Reads nothing yet.
     *
     * @param mostBytes of requests that are worked on, and as many of those that are read ahead
     */
    RequestBatches(
            RequestHandler handler, RequestBooks books, KafkaSettings settings, long mostBytes, PollingThread polling) {
        this.books = books;
        this.polling = polling;
        this.pause = settings.resendAfter();
        this.reader = new RequestReader(settings.maxRequestBytes());
        this.inFlight = new InFlight<>(
                new InFlight.Bounds(settings.maxInFlight(), mostBytes, new ReadAhead.Bounds(MOST_AHEAD, mostBytes)),
                settings.resendAfter(),
                new InFlight.Work<>() {
                    @Override
                    public boolean on(Held held) throws InterruptedException {
                        RequestRecord request = held.request();
                        return request.cut()
                                ? handler.tooLarge(request, held.entry())
                                : handler.handle(request.key(), request.wire(), held.entry());
                    }

                    @Override
                    public boolean giveUp(Held held) throws InterruptedException {
                        return handler.giveUp(held.request(), held.entry());
                    }

                    @Override
                    public void done(Held held) {
                        held.entry().done();
                    }

                    @Override
                    public Place place(Held held) {
                        return held.place();
                    }
                },
                () -> Set.copyOf(books.all().values()));
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        inFlight.begin(() -> subscription.request(1), this::regulate, polling);
    }

    private void regulate() {
        polling.regulate(partition -> books.of(partition).map(inFlight::full).orElse(false), inFlight::reads);
    }

    /** Whatever fails is tried again: the connector never gives another batch to whoever throws here. */
    @Override
    public void onNext(Message<List<byte[]>> batch) {
        Optional<List<Held>> held = Optional.empty();
        while (true) {
            try {
                if (held.isEmpty()) {
                    held = Optional.of(held(batch));
                }
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
                    .ifPresent(book -> held.add(held(request, book)));
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

    private Held held(ConsumerRecord<byte[], byte[]> record, PartitionBook book) {
        RequestRecord request = RequestRecord.of(record);
        Place place = new Place(book, record.offset(), priority(request), request.bytes());
        return new Held(request, book.entry(record.offset()), place);
    }

    /** What is wrong with a record is said when it is begun. */
    private int priority(RequestRecord request) {
        try {
            return reader.priority(request.wire());
        } catch (RuntimeException | Error e) {
            LOG.debugf("the priority of a record cannot be read: %s", e);
            return 0;
        }
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
}
