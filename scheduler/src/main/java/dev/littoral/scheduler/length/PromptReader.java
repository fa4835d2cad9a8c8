package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.Probe;
import dev.littoral.algorithms.length.WarmFactor;
import dev.littoral.scheduler.request.BodyDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Reads prompts on threads of its own and remembers what the last ones said, not their words. One prompt at a time on each
 * thread: prompts of unlike length in one batch would be padded to the longest.
 */
final class PromptReader implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PromptReader.class);

    /** Readings that fail one after the other until the encoder is taken not to work; the next that succeeds ends it. */
    private static final int MOST_FAILURES = 3;

    private final PromptEncoder encoder;
    private final WarmFactor warm;
    private final AtomicInteger failures = new AtomicInteger();
    private final ThreadPoolExecutor threads;
    /** By digest of the prompt. */
    private final Map<String, CompletableFuture<Probe>> read;

    PromptReader(PromptEncoder encoder, WarmFactor warm, LengthSettings settings) {
        this.encoder = encoder;
        this.warm = warm;
        threads = new ThreadPoolExecutor(
                settings.threads(),
                settings.threads(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(settings.maxWaiting()),
                Thread.ofPlatform().daemon().name("prompt-reader-", 0).factory());
        int most = settings.rememberedPrompts();
        read = new LinkedHashMap<>(16, 0.75f, true) {

            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<Probe>> eldest) {
                return size() > most;
            }
        };
    }

    /** Says whether the last prompts could be read, late or not. */
    boolean works() {
        return failures.get() < MOST_FAILURES;
    }

    /** Gives what a prompt says, when it is read within this time; the reading goes on behind. */
    Optional<Probe> within(Duration patience, String prompt, double promptTokens) throws InterruptedException {
        try {
            return Optional.of(reading(prompt, promptTokens).get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | RejectedExecutionException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            LOG.debugf("a prompt was not read: %s", e.getMessage());
            return Optional.empty();
        }
    }

    /** Gives what a prompt says, when it was read and is remembered. */
    Optional<Probe> remembered(String prompt) {
        String digest = BodyDigest.of(prompt);
        synchronized (read) {
            return Optional.ofNullable(read.get(digest))
                    .filter(reading -> reading.isDone() && !reading.isCompletedExceptionally())
                    .map(CompletableFuture::join);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        boolean ended = false;
        try {
            ended = threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ended) {
            encoder.close();
        }
    }

    private CompletableFuture<Probe> reading(String prompt, double promptTokens) {
        String digest = BodyDigest.of(prompt);
        synchronized (read) {
            CompletableFuture<Probe> known = read.get(digest);
            if (known == null || known.isCompletedExceptionally()) {
                CompletableFuture<Probe> started =
                        CompletableFuture.supplyAsync(() -> read(prompt, promptTokens), threads);
                read.put(digest, started);
                return started;
            }
            return known;
        }
    }

    private Probe read(String prompt, double promptTokens) {
        Probe probe;
        try {
            probe = warm.probe(encoder.read(prompt, promptTokens));
        } catch (RuntimeException | Error e) {
            if (failures.incrementAndGet() == MOST_FAILURES) {
                LOG.warnf(e, "lengths are predicted without reading prompts: the last %s failed", MOST_FAILURES);
            }
            throw e;
        }
        if (failures.getAndSet(0) >= MOST_FAILURES) {
            LOG.info("prompts are read again");
        }
        return probe;
    }
}
