package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.DeadLetterReason;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.protocol.events.ReadRequest;
import dev.littoral.protocol.events.RequestEvent;
import dev.littoral.protocol.events.RequestReader;
import dev.littoral.protocol.events.Topics;
import dev.littoral.protocol.events.TraceContext;
import dev.littoral.protocol.events.WireRecord;
import dev.littoral.scheduler.request.Answering;
import dev.littoral.scheduler.request.BodyDigest;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.RawRequest;
import dev.littoral.scheduler.request.Terms;
import dev.littoral.scheduler.request.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
    private final PatientWriter writer;
    private final DeadLetters deadLetters;

    RequestHandler(
            Answering answering,
            Publisher publisher,
            KafkaSettings settings,
            Clock clock,
            OnceOnly onceOnly,
            MeterRegistry meters) {
        this.answering = answering;
        this.publisher = publisher;
        this.settings = settings;
        this.clock = clock;
        this.reader = new RequestReader(settings.maxRequestBytes());
        this.onceOnly = onceOnly;
        this.writer = new PatientWriter(settings.resendAfter(), meters);
        this.deadLetters = new DeadLetters(publisher, writer);
    }

    /** Handles a record on the calling thread; says whether its offset may be committed. */
    boolean handle(Optional<byte[]> key, WireRecord wire, PartitionBook.Entry entry) throws InterruptedException {
        return switch (reader.read(wire)) {
            case ReadRequest.Sound sound -> once(key, wire, sound.event(), entry);
            case ReadRequest.Unreadable unreadable -> {
                deadLetters.bury(key, wire, unreadable.reason(), unreadable.message());
                yield unreadable.id().isEmpty()
                        || refuse(
                                key,
                                wire,
                                unreadable.id().orElseThrow(),
                                Outcome.Refused.of(ErrorCode.INVALID_REQUEST, unreadable.message()),
                                entry);
            }
        };
    }

    /** Ends a record whose key and headers were longer than anybody takes. */
    boolean tooLarge(RequestRecord record, PartitionBook.Entry entry) throws InterruptedException {
        return refuse(
                record,
                DeadLetterReason.TooLarge,
                ErrorCode.INVALID_REQUEST,
                "the record's key and headers have " + record.envelopeBytes() + " bytes together, at most "
                        + RequestRecord.MAX_ENVELOPE_BYTES + " are taken",
                entry);
    }

    /** Ends a record that could not be handled, by a fault of the scheduler's own. */
    boolean giveUp(RequestRecord record, PartitionBook.Entry entry) throws InterruptedException {
        return refuse(
                record,
                DeadLetterReason.SchedulerFailed,
                ErrorCode.AGENT_LOST,
                "the scheduler failed to handle the record: see its log",
                entry);
    }

    private boolean refuse(
            RequestRecord record, DeadLetterReason reason, ErrorCode code, String message, PartitionBook.Entry entry)
            throws InterruptedException {
        deadLetters.bury(record.key(), record.wire(), reason, message);
        Optional<String> id = id(record.wire());
        return id.isEmpty()
                || refuse(record.key(), record.wire(), id.orElseThrow(), Outcome.Refused.of(code, message), entry);
    }

    private Optional<String> id(WireRecord wire) {
        try {
            return reader.id(wire);
        } catch (RuntimeException | Error e) {
            LOG.warnf("the id of a record cannot be read: %s", e);
            return Optional.empty();
        }
    }

    /** Ends a request that runs here or will. */
    void cancel(String id) {
        onceOnly.cancel(id);
    }

    private boolean once(Optional<byte[]> key, WireRecord wire, RequestEvent event, PartitionBook.Entry entry)
            throws InterruptedException {
        OnceOnly.Run run = OnceOnly.Run.begin(entry.partition());
        String digest = BodyDigest.of(event.body());
        while (true) {
            switch (onceOnly.begin(event.id(), digest, run)) {
                case OnceOnly.Start.Fresh fresh -> {
                    return orLeft(
                            event.id(),
                            run,
                            entry,
                            () -> event.trace().isEmpty()
                                    ? run(key, event, digest, run, entry)
                                    : ScopedValue.where(
                                                    Tracing.CONTEXT,
                                                    event.trace().orElseThrow())
                                            .call(() -> run(key, event, digest, run, entry)));
                }
                case OnceOnly.Start.Again again -> {
                    if (await(again.answered())) {
                        return true;
                    }
                }
                case OnceOnly.Start.Other other -> {
                    // its final is the other one's: a second would have the same id
                    deadLetters.bury(
                            key,
                            wire,
                            DeadLetterReason.IdReused,
                            "a request with id " + event.id()
                                    + " and another body came before: give each request an id of its own");
                    return true;
                }
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        boolean take() throws InterruptedException;
    }

    /** Has a request whose step failed begun anew by whoever comes next. */
    private boolean orLeft(String id, OnceOnly.Run run, PartitionBook.Entry entry, Step step)
            throws InterruptedException {
        try {
            return step.take();
        } catch (RuntimeException | Error e) {
            entry.left();
            onceOnly.leave(id, run);
            throw e;
        }
    }

    private boolean run(
            Optional<byte[]> key, RequestEvent event, String digest, OnceOnly.Run run, PartitionBook.Entry entry)
            throws InterruptedException {
        ResponseRecords records = new ResponseRecords(event.id(), key, entry.answersPartition(), event.trace());
        KafkaAnswer answer = new KafkaAnswer(publisher, records, clock, entry.firstAttempt());
        Instant deadline = event.deadline().orElse(clock.instant().plus(settings.deadline()));
        String sender =
                key.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
        Terms terms = new Terms(deadline, event.priority(), settings.patience(), true, sender);
        RawRequest raw = new RawRequest(event.id(), Dialect.EITHER, event.body(), terms);
        Outcome outcome;
        entry.runs(run.cancellation());
        try {
            outcome = run.cancellation().cancelled()
                    ? Outcome.Refused.of(ErrorCode.CANCELLED, "the request was cancelled before it was begun")
                    : answering.answer(raw, answer, run.cancellation());
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "request %s failed", event.id());
            outcome = Outcome.Refused.of(ErrorCode.AGENT_LOST, "the scheduler failed to serve the request");
        }
        answer.drain();
        return end(event.id(), digest, run, records, outcome, answer.held(), answer.created(), entry);
    }

    private boolean refuse(
            Optional<byte[]> key, WireRecord wire, String id, Outcome.Refused refused, PartitionBook.Entry entry)
            throws InterruptedException {
        OnceOnly.Run run = OnceOnly.Run.begin(entry.partition());
        String digest = BodyDigest.of(wire.value().orElse(new byte[0]));
        while (true) {
            switch (onceOnly.begin(id, digest, run)) {
                case OnceOnly.Start.Fresh fresh -> {
                    ResponseRecords records =
                            new ResponseRecords(id, key, entry.answersPartition(), TraceContext.read(wire::header));
                    return orLeft(
                            id,
                            run,
                            entry,
                            () -> end(id, digest, run, records, refused, List.of(), clock.instant(), entry));
                }
                case OnceOnly.Start.Again again -> {
                    if (await(again.answered())) {
                        return true;
                    }
                }
                case OnceOnly.Start.Other other -> {
                    return true;
                }
            }
        }
    }

    private boolean end(
            String id,
            String digest,
            OnceOnly.Run run,
            ResponseRecords records,
            Outcome outcome,
            List<Publisher.Outgoing> chunks,
            Instant created,
            PartitionBook.Entry entry)
            throws InterruptedException {
        if (!entry.ends()) {
            onceOnly.leave(id, run);
            return false;
        }
        FinalsWriter finals = entry.finals();
        Outcome tooLong = Outcome.Refused.of(
                ErrorCode.INVALID_REQUEST,
                "the answer is longer than the topic of responses takes: ask for fewer tokens");
        ResponseRecords shortest =
                new ResponseRecords(id, Optional.empty(), entry.answersPartition(), Optional.empty());
        Optional<OptionalLong> at = writer.write(
                Topics.RESPONSES,
                () -> finals.write(id, behind(chunks, records.end(outcome, digest, created, clock.instant()))),
                // a chunk may be what is too long
                () -> finals.write(id, List.of(records.end(tooLong, digest, created, clock.instant()))),
                // or the request's key
                () -> finals.write(id, List.of(shortest.end(tooLong, digest, created, clock.instant()))));
        if (at.isEmpty()) {
            entry.left();
            onceOnly.leave(id, run);
            return false;
        }
        entry.written(at.orElseThrow());
        onceOnly.end(id, run);
        return true;
    }

    private static List<Publisher.Outgoing> behind(List<Publisher.Outgoing> chunks, Publisher.Outgoing end) {
        List<Publisher.Outgoing> last = new ArrayList<>(chunks);
        last.add(end);
        return last;
    }

    private static boolean await(CompletableFuture<Boolean> promise) throws InterruptedException {
        try {
            return promise.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a promise of an answer never fails", e);
        }
    }
}
