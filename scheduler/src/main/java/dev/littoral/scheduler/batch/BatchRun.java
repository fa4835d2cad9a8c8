package dev.littoral.scheduler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.protocol.events.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Leads one batch to its end, from wherever a scheduler before has left it. A request's id is the batch's and the
 * line's number, so that one that is sent again after a crash is the same request.
 */
final class BatchRun {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int SAVED_EVERY = 200;
    private static final Duration LOOK = Duration.ofMillis(500);

    private final BatchFiles files;
    private final BatchTopics topics;
    private final BatchSettings settings;
    private final Clock clock;
    private final Semaphore room;
    private Batch batch;
    private volatile boolean cancelled;
    private volatile boolean stopped;
    private volatile boolean calledBack;

    BatchRun(Batch batch, BatchFiles files, BatchTopics topics, BatchSettings settings, Clock clock) {
        this.batch = batch;
        this.files = files;
        this.topics = topics;
        this.settings = settings;
        this.clock = clock;
        this.room = new Semaphore(settings.inFlight());
        this.cancelled = batch.status() == BatchStatus.CANCELLING;
    }

    /** Has it stop; it goes to its end as cancelled. */
    synchronized Batch cancel() throws IOException {
        if (batch.status() == BatchStatus.VALIDATING || batch.status() == BatchStatus.IN_PROGRESS) {
            cancelled = true;
            to(BatchStatus.CANCELLING);
        }
        return batch;
    }

    /** Leaves it as it is on disk, for whoever goes on. */
    void stop() {
        stopped = true;
    }

    synchronized Batch batch() {
        return batch;
    }

    private synchronized void to(BatchStatus next) throws IOException {
        batch = batch.to(next, clock.instant().getEpochSecond());
        files.save(batch);
    }

    private synchronized void save(Batch next) throws IOException {
        batch = next;
        files.save(next);
    }

    /** Runs on a thread of its own. */
    void run() throws IOException, InterruptedException {
        if (batch().status() == BatchStatus.VALIDATING && !validate()) {
            return;
        }
        try (BatchResults results = new BatchResults(files.results(batch.id()))) {
            BatchStatus end = BatchStatus.CANCELLED;
            if (!batch().answersFrom().isEmpty()) {
                try (BatchTopics.Listening _ =
                        topics.listen(batch().answersFrom(), (id, value) -> ended(results, id, value))) {
                    ask(results);
                    end = await(results);
                }
            }
            if (stopped) {
                return;
            }
            finish(results, end);
        }
    }

    private boolean validate() throws IOException {
        Path input = files.content(batch().order().inputFileId());
        BatchInput.Look look;
        try (BufferedReader lines = Files.newBufferedReader(input)) {
            look = BatchInput.look(lines, batch().order().endpoint(), settings.maxRequests());
        } catch (java.nio.charset.MalformedInputException e) {
            look = new BatchInput.Look(
                    0, List.of(new BatchInput.Fault("invalid_encoding", "the input is not UTF-8", "", 0)));
        }
        if (!look.faults().isEmpty()) {
            save(batch().with(look.faults()));
            to(BatchStatus.FAILED);
            return false;
        }
        save(batch().begun(look.requests(), topics.ends()));
        synchronized (this) {
            if (!cancelled) {
                to(BatchStatus.IN_PROGRESS);
            }
        }
        return true;
    }

    private void ended(BatchResults results, String id, byte[] value) {
        String prefix = batch().id() + "/";
        if (!id.startsWith(prefix)) {
            return;
        }
        try {
            if (calledBack && cancelledByUs(value)) {
                return;
            }
            if (results.add(Integer.parseInt(id.substring(prefix.length())), value)) {
                room.release();
                synchronized (this) {
                    batch = batch.counted(
                            results.completed(),
                            results.failed(),
                            batch.counts().sent());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a final of " + batch().id() + " cannot be kept", e);
        }
    }

    /** Tells a request that ends since this batch called it back; the batch says itself why that line has no answer. */
    private static boolean cancelledByUs(byte[] value) throws IOException {
        return JSON.readTree(value).path("error_code").asText().equals(ErrorCode.CANCELLED.name());
    }

    private boolean over() {
        return cancelled
                || stopped
                || clock.instant().getEpochSecond() >= batch().order().expiresAt();
    }

    private void ask(BatchResults results) throws IOException, InterruptedException {
        Instant deadline = Instant.ofEpochSecond(batch().order().expiresAt());
        List<CompletableFuture<?>> sent = new ArrayList<>();
        int known = batch().counts().sent();
        try (BufferedReader lines =
                Files.newBufferedReader(files.content(batch().order().inputFileId()))) {
            int number = 0;
            for (var line = BatchInput.next(lines); line.isPresent() && !over(); line = BatchInput.next(lines)) {
                if (number >= known && !results.has(number)) {
                    while (!room.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                        if (over()) {
                            return;
                        }
                    }
                    sent.add(topics.ask(
                            batch().id() + "/" + number,
                            line.orElseThrow().body().getBytes(UTF_8),
                            deadline,
                            settings.priority()));
                }
                number++;
                if (sent.size() == SAVED_EVERY) {
                    arrived(sent, number);
                }
            }
            arrived(sent, number);
        }
    }

    /** Notes that the broker has all lines so far, so that nobody sends them again. */
    private void arrived(List<CompletableFuture<?>> sent, int lines) throws IOException, InterruptedException {
        for (CompletableFuture<?> each : sent) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new IOException("the broker does not take a request of " + batch().id(), e.getCause());
            }
        }
        sent.clear();
        synchronized (this) {
            save(batch.counted(batch.counts().completed(), batch.counts().failed(), lines));
        }
    }

    private BatchStatus await(BatchResults results) throws InterruptedException {
        while (results.ended() < batch().counts().total()) {
            if (stopped) {
                return batch().status();
            }
            if (over()) {
                calledBack = true;
                for (int line = 0; line < batch().counts().total(); line++) {
                    if (!results.has(line)) {
                        topics.cancel(batch().id() + "/" + line);
                    }
                }
                return cancelled ? BatchStatus.CANCELLED : BatchStatus.EXPIRED;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis() / 10);
        }
        return cancelled ? BatchStatus.CANCELLED : BatchStatus.COMPLETED;
    }

    private void finish(BatchResults results, BatchStatus end) throws IOException {
        if (end != BatchStatus.CANCELLED) {
            to(BatchStatus.FINALIZING);
        }
        Path output = files.uploads().resolve(batch().id() + ".output");
        Path errors = files.uploads().resolve(batch().id() + ".errors");
        boolean expired = end == BatchStatus.EXPIRED;
        results.write(
                batch().id(),
                files.content(batch().order().inputFileId()),
                output,
                errors,
                expired ? "batch_expired" : "batch_cancelled",
                expired ? "the batch's time was over before this request ended" : "the batch was cancelled");
        Batch counted = batch().counted(
                        results.completed(), results.failed(), batch().counts().sent());
        save(counted.results(keep(output, "output"), keep(errors, "error")));
        to(end);
        Files.deleteIfExists(files.results(batch().id()));
    }

    private Optional<String> keep(Path file, String kind) throws IOException {
        if (Files.size(file) == 0) {
            Files.delete(file);
            return Optional.empty();
        }
        String name = batch().id() + "_" + kind + ".jsonl";
        return Optional.of(
                files.keep(file, name, "batch_output", clock.instant().getEpochSecond())
                        .id());
    }
}
