package dev.littoral.scheduler.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Begins batches, goes on with those that a scheduler before has left, and knows all of them. */
final class Batches implements AutoCloseable {

    /** What became of the wish to delete a file. */
    sealed interface Deletion {

        /** It is gone. */
        record Deleted() implements Deletion {}

        /** There was none. */
        record NotThere() implements Deletion {}

        /** It is kept, for this batch is not over and reads it. */
        record InUse(String batch) implements Deletion {}
    }

    private static final Logger LOG = Logger.getLogger(Batches.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Map<String, BatchRun> running = new ConcurrentHashMap<>();
    private final BatchFiles files;
    private final BatchTopics topics;
    private final BatchSettings settings;
    private final Clock clock;
    private volatile boolean closed;

    Batches(BatchFiles files, BatchTopics topics, BatchSettings settings, Clock clock) {
        this.files = files;
        this.topics = topics;
        this.settings = settings;
        this.clock = clock;
    }

    /** Goes on with what is on disk. */
    void resume() throws IOException {
        for (Batch each : files.batches()) {
            if (each.status().over()) {
                Files.deleteIfExists(files.results(each.id()));
            } else {
                start(each);
            }
        }
    }

    /** Begins a batch; empty when too many run. */
    synchronized Optional<Batch> create(
            String input, String endpoint, String window, Duration time, Map<String, String> metadata)
            throws IOException {
        if (running.size() >= settings.maxRunning()) {
            return Optional.empty();
        }
        long now = clock.instant().getEpochSecond();
        Batch batch = Batch.of(new BatchOrder(
                BatchFiles.newId("batch_"),
                input,
                endpoint,
                window,
                new TreeMap<>(metadata),
                now,
                now + time.toSeconds()));
        files.save(batch);
        start(batch);
        return Optional.of(batch);
    }

    private void start(Batch batch) {
        BatchRun run = new BatchRun(batch, files, topics, settings, clock);
        running.put(batch.id(), run);
        Thread.ofVirtual().name(batch.id()).start(() -> lead(run));
    }

    /** Tries until it has ended: what fails is the disk, the broker or the room in memory, and all come back. */
    private void lead(BatchRun run) {
        try {
            while (!closed) {
                try {
                    run.run();
                    break;
                } catch (IOException | RuntimeException | Error e) {
                    LOG.warnf(e, "batch %s waits", run.batch().id());
                    TimeUnit.MILLISECONDS.sleep(AGAIN.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.remove(run.batch().id());
        }
    }

    Optional<Batch> find(String id) throws IOException {
        BatchRun run = running.get(id);
        return run == null ? files.batch(id) : Optional.of(run.batch());
    }

    /** Has a batch stop; one that is over stays as it is. */
    Optional<Batch> cancel(String id) throws IOException {
        BatchRun run = running.get(id);
        return run == null ? files.batch(id) : Optional.of(run.cancel());
    }

    /** Deletes a file unless a batch reads it. */
    synchronized Deletion delete(String file) throws IOException {
        for (BatchRun each : running.values()) {
            Batch batch = each.batch();
            if (batch.order().inputFileId().equals(file) && !batch.status().over()) {
                return new Deletion.InUse(batch.id());
            }
        }
        return files.delete(file) ? new Deletion.Deleted() : new Deletion.NotThere();
    }

    @Override
    public void close() {
        closed = true;
        running.values().forEach(BatchRun::stop);
    }
}
