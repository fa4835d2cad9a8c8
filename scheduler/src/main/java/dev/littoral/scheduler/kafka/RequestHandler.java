package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.protocol.events.ReadRequest;
import dev.littoral.protocol.events.RequestEvent;
import dev.littoral.protocol.events.RequestReader;
import dev.littoral.protocol.events.WireRecord;
import dev.littoral.scheduler.request.Answering;
import dev.littoral.scheduler.request.Cancellation;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.RawRequest;
import dev.littoral.scheduler.request.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jboss.logging.Logger;

/** Leads one request record to its one final response, or to the dead letters. */
@ApplicationScoped
class RequestHandler {

    private static final Logger LOG = Logger.getLogger(RequestHandler.class);

    private final Answering answering;
    private final Publisher publisher;
    private final KafkaSettings settings;
    private final Clock clock;
    private final RequestReader reader;
    private final OnceOnly onceOnly;

    RequestHandler(Answering answering, Publisher publisher, KafkaSettings settings, Clock clock) {
        this.answering = answering;
        this.publisher = publisher;
        this.settings = settings;
        this.clock = clock;
        this.reader = new RequestReader(settings.maxRequestBytes());
        this.onceOnly = new OnceOnly(settings.rememberedIds());
    }

    /** Handles a record on the calling thread; returns when its offset may be committed. */
    void handle(Optional<byte[]> key, WireRecord wire) throws InterruptedException {
        switch (reader.read(wire)) {
            case ReadRequest.Sound sound -> once(key, sound.event());
            case ReadRequest.Unreadable unreadable -> {
                LOG.infof("dead letter, %s: %s", unreadable.reason(), unreadable.message());
                safely(
                        () -> publisher.deadLetter(letter(key, wire, wire.value(), unreadable)),
                        () -> publisher.deadLetter(letter(key, wire, Optional.empty(), unreadable)));
                if (unreadable.id().isPresent()) {
                    refuse(key, unreadable.id().orElseThrow(), unreadable.message());
                }
            }
        }
    }

    /** Ends a request that runs here. */
    void cancel(String id) {
        onceOnly.running(id).ifPresent(Cancellation::cancel);
    }

    private void once(Optional<byte[]> key, RequestEvent event) throws InterruptedException {
        OnceOnly.Run run = new OnceOnly.Run(new Cancellation(), new CompletableFuture<>());
        Optional<CompletableFuture<Void>> before = onceOnly.begin(event.id(), run);
        if (before.isPresent()) {
            // the same request again: it is done with when the first one is
            await(before.orElseThrow());
            return;
        }
        ResponseRecords records = new ResponseRecords(event.id(), key);
        KafkaAnswer answer = new KafkaAnswer(publisher, records, clock);
        Instant deadline = event.deadline().orElse(clock.instant().plus(settings.deadline()));
        Terms terms = new Terms(deadline, event.priority(), settings.patience(), true);
        RawRequest raw = new RawRequest(event.id(), Dialect.EITHER, event.body(), terms);
        Outcome outcome;
        try {
            outcome = answering.answer(raw, answer, run.cancellation());
        } catch (RuntimeException e) {
            LOG.errorf(e, "request %s failed", event.id());
            outcome = Outcome.Refused.of(ErrorCode.AGENT_LOST, "the scheduler failed to serve the request");
        }
        end(event.id(), run, records, outcome, answer.created());
    }

    private void refuse(Optional<byte[]> key, String id, String message) throws InterruptedException {
        OnceOnly.Run run = new OnceOnly.Run(new Cancellation(), new CompletableFuture<>());
        if (onceOnly.begin(id, run).isEmpty()) {
            Outcome refused = Outcome.Refused.of(ErrorCode.INVALID_REQUEST, message);
            end(id, run, new ResponseRecords(id, key), refused, clock.instant());
        }
    }

    private void end(String id, OnceOnly.Run run, ResponseRecords records, Outcome outcome, Instant created)
            throws InterruptedException {
        Outcome tooLong = Outcome.Refused.of(
                ErrorCode.INVALID_REQUEST,
                "the answer is longer than the topic of responses takes: ask for fewer tokens");
        safely(
                () -> publisher.response(records.end(outcome, created, clock.instant())),
                () -> publisher.response(records.end(tooLong, created, clock.instant())));
        onceOnly.end(id, run);
    }

    private static Publisher.Outgoing letter(
            Optional<byte[]> key, WireRecord wire, Optional<byte[]> value, ReadRequest.Unreadable unreadable) {
        return ResponseRecords.deadLetter(key, wire.headers(), value, unreadable.reason(), unreadable.message());
    }

    /**
     * Writes until the broker has it: without it the offset may not be committed. What the broker will never take since
     * it is too long is replaced by something shorter.
     */
    private void safely(Supplier<CompletableFuture<Void>> write, Supplier<CompletableFuture<Void>> shorter)
            throws InterruptedException {
        Supplier<CompletableFuture<Void>> next = write;
        while (true) {
            try {
                next.get().get();
                return;
            } catch (ExecutionException e) {
                LOG.warnf("the broker did not take a record, next try in %s: %s", settings.resendAfter(), e.getCause());
                if (e.getCause() instanceof RecordTooLargeException) {
                    next = shorter;
                }
                Thread.sleep(settings.resendAfter());
            }
        }
    }

    private static void await(CompletableFuture<Void> promise) throws InterruptedException {
        try {
            promise.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a promise of an answer never fails", e);
        }
    }
}
