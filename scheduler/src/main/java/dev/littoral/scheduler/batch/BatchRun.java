package dev.littoral.scheduler.batch;

import dev.littoral.protocol.events.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Leads one batch to its end, from wherever a scheduler, or a run that failed, has left it. */
final class BatchRun {

    private static final Logger LOG = Logger.getLogger(BatchRun.class);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final BatchFiles files;
    private final BatchTopics topics;
    private final BatchSettings settings;
    private final Clock clock;
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
        this.cancelled = batch.status() == BatchStatus.CANCELLING;
        this.calledBack = cancelled;
    }

    /** Has it stop; it goes to its end as cancelled. */
    synchronized Batch cancel() throws IOException {
        if (batch.status() == BatchStatus.VALIDATING || batch.status() == BatchStatus.IN_PROGRESS) {
            to(BatchStatus.CANCELLING);
            cancelled = true;
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
        save(batch.to(next, clock.instant().getEpochSecond()));
    }

    private synchronized void save(Batch next) throws IOException {
        files.save(next);
        batch = next;
    }

    /** Runs on a thread of its own. */
    void run() throws IOException, InterruptedException {
        if (batch().status().over()) {
            return;
        }
        String input = batch().order().inputFileId();
        try {
            // one that was called back before its input was read has nowhere to hear its answers from
            if (!batch().answersFrom().isEmpty() || validate()) {
                lead();
            }
        } catch (NoSuchFileException e) {
            if (!files.lost(input)) {
                throw e;
            }
            fail(new BatchInput.Fault(
                    "input_file_lost",
                    "the content of " + input + " is gone from the folder of batches: upload it again",
                    "input_file_id",
                    0));
        }
    }

    private void lead() throws IOException, InterruptedException {
        Batch begun = batch();
        try (BatchResults results = results()) {
            OpenLines open = new OpenLines(settings.inFlight(), begun.counts().sent(), results);
            BatchSender sender = new BatchSender(begun, topics, settings, results, open);
            BatchStatus end;
            try (BatchTopics.Listening _ =
                            topics.listen(begun.answersFrom(), (id, value) -> ended(results, open, id, value));
                    BufferedReader input = Files.newBufferedReader(input())) {
                sender.send(input, this::over, lines -> count(results, lines));
                end = await(results, sender);
            }
            if (!stopped) {
                finish(results, end);
            }
        }
    }

    private Path input() {
        return files.content(batch().order().inputFileId());
    }

    private BatchResults results() throws IOException {
        return new BatchResults(files.results(batch().id()), batch().counts().total());
    }

    private boolean validate() throws IOException {
        List<BatchInput.Fault> faults;
        int requests = 0;
        try (InputStream bytes = Files.newInputStream(input())) {
            faults = BatchInput.tooLong(bytes, topics.maxRequestBytes());
        }
        if (faults.isEmpty()) {
            try (BufferedReader lines = Files.newBufferedReader(input())) {
                BatchInput.Look look = BatchInput.look(lines, batch().order().endpoint(), settings.maxRequests());
                faults = look.faults();
                requests = look.requests();
            } catch (MalformedInputException e) {
                faults = List.of(new BatchInput.Fault("invalid_encoding", "the input is not UTF-8", "", 0));
            }
        }
        if (!faults.isEmpty()) {
            fail(faults);
            return false;
        }
        Map<Integer, Long> ends = topics.ends();
        synchronized (this) {
            save(batch.begun(requests, ends));
            if (!cancelled) {
                to(BatchStatus.IN_PROGRESS);
            }
        }
        return true;
    }

    private void fail(BatchInput.Fault fault) throws IOException {
        try (BatchResults results = results()) {
            OpenLines none = new OpenLines(settings.inFlight(), 0, results);
            new BatchSender(batch(), topics, settings, results, none).callBack();
        }
        fail(List.of(fault));
    }

    private void fail(List<BatchInput.Fault> faults) throws IOException {
        save(batch().with(faults));
        to(BatchStatus.FAILED);
        Files.deleteIfExists(files.results(batch().id()));
    }

    /** Takes a final as it lies on the topic, which others write. */
    private void ended(BatchResults results, OpenLines open, String id, byte[] value) throws IOException {
        if (!id.startsWith(batch().id() + "/")) {
            return;
        }
        OptionalInt line = line(id);
        Optional<BatchAnswer> answer = BatchAnswer.read(value);
        if (line.isEmpty() || answer.isEmpty()) {
            LOG.warnf("a final of %s is left out, for it is none of the contract", id);
            return;
        }
        if (calledBack && answer.orElseThrow().errorCode().equals(ErrorCode.CANCELLED.name())) {
            // the batch says itself why that line has no answer
            return;
        }
        if (results.add(line.getAsInt(), answer.orElseThrow())) {
            open.end(line.getAsInt());
            synchronized (this) {
                batch = counted(results, batch.counts().sent());
            }
        }
    }

    private OptionalInt line(String id) {
        String text = id.substring(id.indexOf('/') + 1);
        try {
            int line = Integer.parseInt(text);
            boolean ours = line >= 0
                    && line < batch().counts().total()
                    && Integer.toString(line).equals(text);
            return ours ? OptionalInt.of(line) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private boolean over() {
        return cancelled
                || stopped
                || clock.instant().getEpochSecond() >= batch().order().expiresAt();
    }

    private synchronized Batch counted(BatchResults results, int sent) {
        return batch.counted(results.completed(), results.failed(), sent);
    }

    private synchronized void count(BatchResults results, int sent) throws IOException {
        save(counted(results, sent));
    }

    private BatchStatus await(BatchResults results, BatchSender sender) throws InterruptedException {
        while (results.ended() < batch().counts().total()) {
            if (stopped) {
                return batch().status();
            }
            if (over()) {
                calledBack = true;
                sender.callBack();
                return cancelled ? BatchStatus.CANCELLED : BatchStatus.EXPIRED;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
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
                input(),
                output,
                errors,
                expired ? "batch_expired" : "batch_cancelled",
                expired ? "the batch's time was over before this request ended" : "the batch was cancelled");
        Optional<String> answers = keep(output, "output");
        Optional<String> failures = keep(errors, "error");
        // at once: whoever goes on after a crash makes them again until this is written
        save(counted(results, batch().counts().sent())
                .results(answers, failures)
                .to(end, clock.instant().getEpochSecond()));
        Files.deleteIfExists(files.results(batch().id()));
    }

    private Optional<String> keep(Path file, String kind) throws IOException {
        String id = BatchFiles.fileOf(batch().id(), kind);
        if (Files.size(file) == 0) {
            Files.delete(file);
            boolean ignored = files.delete(id);
            return Optional.empty();
        }
        String name = batch().id() + "_" + kind + ".jsonl";
        return Optional.of(
                files.keep(id, file, name, "batch_output", clock.instant().getEpochSecond())
                        .id());
    }
}
